# closo_report_assets(<destination>)
#
# Target closo_report_assets: puts report.css, report.js and vega-bundle.js (Vega, Vega-Lite, Vega-Embed of
# package-lock.json, joined by tools/bundle_vega.mjs) into <destination>, the folder that render_html reads and that the
# caller installs. The packages are fetched by `npm ci` into <build>/web. Without node and npm, or with CLOSO_REPORT_PAGE
# off, there is no bundle and reports have no HTML page.
option(CLOSO_REPORT_PAGE "Fetch Vega with npm for the HTML page of reports" ON)

function(closo_report_assets destination)
  find_program(CLOSO_NODE_EXECUTABLE node)
  find_program(CLOSO_NPM_EXECUTABLE npm)
  mark_as_advanced(CLOSO_NODE_EXECUTABLE CLOSO_NPM_EXECUTABLE)
  set(source "${PROJECT_SOURCE_DIR}/data/report")
  set(web "${PROJECT_BINARY_DIR}/web")

  set(outputs)
  foreach(file report.css report.js)
    add_custom_command(OUTPUT "${destination}/${file}"
      COMMAND "${CMAKE_COMMAND}" -E make_directory "${destination}"
      COMMAND "${CMAKE_COMMAND}" -E copy "${source}/${file}" "${destination}/${file}"
      DEPENDS "${source}/${file}" VERBATIM)
    list(APPEND outputs "${destination}/${file}")
  endforeach()

  if(CLOSO_REPORT_PAGE AND CLOSO_NODE_EXECUTABLE AND CLOSO_NPM_EXECUTABLE)
    set(omit --omit=dev)
    if(CLOSO_BUILD_TESTS)
      set(omit)
    endif()
    add_custom_command(OUTPUT "${web}/npm.stamp"
      COMMAND "${CMAKE_COMMAND}" -E make_directory "${web}"
      COMMAND "${CMAKE_COMMAND}" -E copy
        "${PROJECT_SOURCE_DIR}/package.json" "${PROJECT_SOURCE_DIR}/package-lock.json" "${web}"
      COMMAND "${CMAKE_COMMAND}" -E chdir "${web}"
        "${CLOSO_NPM_EXECUTABLE}" ci --ignore-scripts --no-audit --no-fund --loglevel=error ${omit}
      COMMAND "${CMAKE_COMMAND}" -E touch "${web}/npm.stamp"
      DEPENDS "${PROJECT_SOURCE_DIR}/package.json" "${PROJECT_SOURCE_DIR}/package-lock.json"
      COMMENT "Fetching the packages of package-lock.json" VERBATIM)
    add_custom_command(OUTPUT "${destination}/vega-bundle.js"
      COMMAND "${CMAKE_COMMAND}" -E make_directory "${destination}"
      COMMAND "${CLOSO_NODE_EXECUTABLE}" "${PROJECT_SOURCE_DIR}/tools/bundle_vega.mjs" "${web}" "${destination}/vega-bundle.js"
      DEPENDS "${web}/npm.stamp" "${PROJECT_SOURCE_DIR}/tools/bundle_vega.mjs"
      COMMENT "Bundling Vega for the report page" VERBATIM)
    list(APPEND outputs "${destination}/vega-bundle.js")
  elseif(CLOSO_REPORT_PAGE)
    message(WARNING "node or npm is missing: reports will have no HTML page (CLOSO_REPORT_PAGE=OFF silences this)")
  endif()

  add_custom_target(closo_report_assets ALL DEPENDS ${outputs})
endfunction()
