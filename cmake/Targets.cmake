# The four kinds of target of this tree. Layering is a matter of what DEPS names:
#   *_domain     links Abseil and lib_status, lib_time only
#   *_usecases   links *_domain
#   *_storage    alone links lib_pg
#   *_rpc        alone links lib_rpc and vardkedja_grpc
# tests/tidy checks the includes as well.

set(VARDKEDJA_WARNINGS -Wall -Wextra -Wconversion -Werror)

# One precompiled header for libraries and one for tests, which see gtest as well. Reused by every
# target of the same kind, since those compile with the same flags.
if(VARDKEDJA_PCH)
  file(WRITE "${CMAKE_BINARY_DIR}/pch/empty.cc" "int main() {}\n")
  set(VARDKEDJA_PCH_HEADERS
      <algorithm> <array> <chrono> <cstdint> <functional> <map> <memory> <mutex> <optional> <set>
      <span> <sstream> <string> <string_view> <thread> <utility> <variant> <vector>
      <absl/status/status.h> <absl/status/statusor.h>)
  add_library(vk_library_pch STATIC "${CMAKE_BINARY_DIR}/pch/empty.cc")
  target_link_libraries(vk_library_pch PRIVATE absl::status absl::statusor Threads::Threads)
  target_precompile_headers(vk_library_pch PRIVATE ${VARDKEDJA_PCH_HEADERS})
  add_executable(vk_test_pch "${CMAKE_BINARY_DIR}/pch/empty.cc")
  target_link_libraries(vk_test_pch PRIVATE absl::status absl::statusor GTest::gmock)
  target_precompile_headers(vk_test_pch PRIVATE ${VARDKEDJA_PCH_HEADERS} <gmock/gmock.h> <gtest/gtest.h>)
  foreach(target IN ITEMS vk_library_pch vk_test_pch)
    target_compile_options(${target} PRIVATE ${VARDKEDJA_WARNINGS})
  endforeach()
endif()

# vk_library(name SOURCES a.cc ... DEPS x y ...)
function(vk_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_include_directories(${name} PUBLIC "${CMAKE_SOURCE_DIR}")
  target_compile_options(${name} PRIVATE ${VARDKEDJA_WARNINGS})
  target_link_libraries(${name} PUBLIC ${ARG_DEPS})
  if(VARDKEDJA_PCH)
    target_precompile_headers(${name} REUSE_FROM vk_library_pch)
  endif()
endfunction()

# vk_binary(name SOURCES a.cc ... DEPS x y ...)
function(vk_binary name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_compile_options(${name} PRIVATE ${VARDKEDJA_WARNINGS})
  target_link_libraries(${name} PRIVATE ${ARG_DEPS})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
endfunction()

# vk_test(name SOURCES a_test.cc ... DEPS x y ... [TIMEOUT_S 120] [LABELS l ...])
# One ctest entry per binary. The working directory is the source tree. The label `tsan` is for tests
# that do not link gRPC; the target `tsan_tests` builds them all, `ctest --preset tsan` runs them.
function(vk_test name)
  cmake_parse_arguments(ARG "" "TIMEOUT_S" "SOURCES;DEPS;LABELS" ${ARGN})
  if(NOT ARG_TIMEOUT_S)
    set(ARG_TIMEOUT_S 120)
  endif()
  vk_binary(${name} SOURCES ${ARG_SOURCES} DEPS ${ARG_DEPS} GTest::gmock GTest::gtest_main)
  if(VARDKEDJA_PCH)
    target_precompile_headers(${name} REUSE_FROM vk_test_pch)
  endif()
  add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}")
  set_tests_properties(${name} PROPERTIES TIMEOUT ${ARG_TIMEOUT_S} LABELS "${ARG_LABELS}")
  if("tsan" IN_LIST ARG_LABELS)
    set_property(GLOBAL APPEND PROPERTY VARDKEDJA_TSAN_TESTS ${name})
  endif()
endfunction()

# vk_all_protos(target...)
# Links every proto of the suite whole. Nothing refers to the code of a file that has a service and no
# message, so the linker would leave it out, and with it the access rules of its methods.
function(vk_all_protos)
  set_property(TARGET ${ARGN} PROPERTY LINK_LIBRARY_OVERRIDE "WHOLE_ARCHIVE,vardkedja_proto")
endfunction()
