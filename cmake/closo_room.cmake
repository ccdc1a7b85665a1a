# closo_add_room(<room> SOURCES … HEADERS … [USES <room>…] [PRIVATE <library>…] [TESTS …] [TEST_PRIVATE <library>…])
#
# One room of the house: a static library closo_<room> (alias closo::<room>), its public headers as a verified header
# set, and one test program closo_<room>_test from the sibling x_test.cpp files. USES names rooms; PRIVATE names
# outside libraries that no public header of the room shows.
function(closo_add_room room)
  cmake_parse_arguments(ROOM "" "" "SOURCES;HEADERS;USES;PRIVATE;TESTS;TEST_PRIVATE" ${ARGN})
  if(ROOM_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "closo_add_room(${room}): unknown arguments ${ROOM_UNPARSED_ARGUMENTS}")
  endif()
  set(target closo_${room})
  add_library(${target} STATIC ${ROOM_SOURCES})
  add_library(closo::${room} ALIAS ${target})
  target_sources(${target} PUBLIC
    FILE_SET HEADERS BASE_DIRS "${PROJECT_SOURCE_DIR}" FILES ${ROOM_HEADERS})
  target_link_libraries(${target} PUBLIC closo_options PRIVATE $<BUILD_INTERFACE:closo_warnings>)
  foreach(used IN LISTS ROOM_USES)
    target_link_libraries(${target} PUBLIC closo_${used})
  endforeach()
  target_link_libraries(${target} PRIVATE ${ROOM_PRIVATE})
  set_target_properties(${target} PROPERTIES
    EXPORT_NAME ${room} CLOSO_USES "${ROOM_USES}" VERIFY_INTERFACE_HEADER_SETS ON)
  install(TARGETS ${target} EXPORT closo_targets
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development
    FILE_SET HEADERS DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT development)

  if(CLOSO_BUILD_TESTS AND ROOM_TESTS)
    add_executable(${target}_test ${ROOM_TESTS})
    target_link_libraries(${target}_test PRIVATE
      ${target} closo_warnings GTest::gtest_main ${ROOM_TEST_PRIVATE})
    target_compile_definitions(${target}_test PRIVATE
      CLOSO_SOURCE_DIR="${PROJECT_SOURCE_DIR}" CLOSO_SHARED_DIR="${PROJECT_SOURCE_DIR}/../shared")
    gtest_discover_tests(${target}_test TEST_PREFIX "${room}." DISCOVERY_TIMEOUT 60
      PROPERTIES LABELS fast TIMEOUT 120)
  endif()
endfunction()
