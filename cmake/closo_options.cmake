# Compiler settings that every target of the project shares, as one interface target.
add_library(closo_options INTERFACE)
add_library(closo::options ALIAS closo_options)
target_compile_features(closo_options INTERFACE cxx_std_20)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
endif()

add_library(closo_warnings INTERFACE)
target_compile_options(closo_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # GCC 12 reports -Wrestrict inside its own std::string (GCC bug 105651).
  target_compile_options(closo_warnings INTERFACE -Wno-restrict)
endif()
if(CLOSO_WARNINGS_AS_ERRORS)
  target_compile_options(closo_warnings INTERFACE -Werror)
endif()

install(TARGETS closo_options EXPORT closo_targets)
set_target_properties(closo_options PROPERTIES EXPORT_NAME options)
