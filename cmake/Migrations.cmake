# vk_migrations(target COMPONENT name [DIR migrations])
# Embeds DIR/NNNN_*.sql of the current directory into a library `target` and generates
# "<this directory>/migrations.h" with
#   namespace vardkedja::<component> { const pg::MigrationSet& Migrations(); }
function(vk_migrations target)
  cmake_parse_arguments(ARG "" "COMPONENT;DIR" "" ${ARGN})
  if(NOT ARG_DIR)
    set(ARG_DIR migrations)
  endif()
  file(RELATIVE_PATH here "${CMAKE_SOURCE_DIR}" "${CMAKE_CURRENT_SOURCE_DIR}")
  set(out "${CMAKE_BINARY_DIR}/gen/${here}")
  file(GLOB files CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/${ARG_DIR}/[0-9][0-9][0-9][0-9]_*.sql")
  list(SORT files)
  set(entries "")
  foreach(file IN LISTS files)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${file}")
    get_filename_component(name "${file}" NAME_WE)
    string(REGEX REPLACE "^0*([0-9]+)_.*$" "\\1" number "${name}")
    file(READ "${file}" sql)
    string(APPEND entries "      {${number}, \"${name}\", R\"vksql(${sql})vksql\"},\n")
  endforeach()
  file(CONFIGURE OUTPUT "${out}/migrations.h" @ONLY CONTENT
"// Generated from the .sql files of @here@/@ARG_DIR@.
#pragma once

#include \"lib/pg/migrate.h\"

namespace vardkedja::@ARG_COMPONENT@ {
const pg::MigrationSet& Migrations();
}  // namespace vardkedja::@ARG_COMPONENT@
")
  set(VK_HERE "${here}")
  set(VK_COMPONENT "${ARG_COMPONENT}")
  set(VK_ENTRIES "${entries}")
  configure_file("${CMAKE_SOURCE_DIR}/cmake/migrations.cc.in" "${out}/migrations.cc" @ONLY)
  vk_library(${target} SOURCES "${out}/migrations.cc" DEPS lib_pg)
  target_include_directories(${target} SYSTEM PUBLIC "${CMAKE_BINARY_DIR}/gen")
endfunction()
