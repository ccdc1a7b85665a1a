# cmake --install: bin/closo with share/closo (relocatable, found from the running program), and the package that
# find_package(closo) reads: static libraries, headers, targets closo::<room>.
include(CMakePackageConfigHelpers)

set(CLOSO_PACKAGE_DIR "${CMAKE_INSTALL_LIBDIR}/cmake/closo")
install(EXPORT closo_targets NAMESPACE closo:: DESTINATION ${CLOSO_PACKAGE_DIR} COMPONENT development)
configure_package_config_file(
  "${PROJECT_SOURCE_DIR}/cmake/closo-config.cmake.in" "${PROJECT_BINARY_DIR}/closo-config.cmake"
  INSTALL_DESTINATION ${CLOSO_PACKAGE_DIR} NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file("${PROJECT_BINARY_DIR}/closo-config-version.cmake" COMPATIBILITY SameMinorVersion)
install(
  FILES "${PROJECT_BINARY_DIR}/closo-config.cmake" "${PROJECT_BINARY_DIR}/closo-config-version.cmake"
  DESTINATION ${CLOSO_PACKAGE_DIR} COMPONENT development)

install(DIRECTORY "${PROJECT_SOURCE_DIR}/examples"
  DESTINATION "${CMAKE_INSTALL_DATADIR}/closo" COMPONENT runtime PATTERN "*_test.*" EXCLUDE)
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" "${PROJECT_SOURCE_DIR}/CHANGELOG.md"
  DESTINATION "${CMAKE_INSTALL_DOCDIR}" COMPONENT runtime)
