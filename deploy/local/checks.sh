# shellcheck shell=bash
# test, lint and soak.
cmd_test() {
  local started=$SECONDS
  ensure_packages
  # From the network, beside the build, which needs the processors.
  (ensure_node_tools) &
  local node_tools=$!
  STEP_TAIL=60 step "configure (asan)" cmake -S "$ROOT" --preset asan
  STEP_TAIL=60 step "build (asan)" build_preset asan
  local built=$((SECONDS - started))
  wait "$node_tools" || die "the node tools could not be installed"
  cd "$ROOT/build/asan" || die "no build/asan"
  ctest --output-on-failure --no-tests=error -j "$(nproc)" "$@"
  say "Every test passed: built in $built s, all in $((SECONDS - started)) s."
}

changed_sources() {
  local base=${1:-}
  [ -n "$base" ] || base=$(git -C "$ROOT" merge-base HEAD origin/main 2>/dev/null || git -C "$ROOT" rev-parse HEAD~1)
  git -C "$ROOT" diff --name-only --diff-filter=d "$base" -- '*.cc' | sort -u
}

cmd_lint() {
  ensure_packages
  ensure_node_tools
  "$ROOT/tests/tidy/format"
  "$ROOT/tests/tidy/protos"
  "$ROOT/tests/tidy/shell"
  local files
  mapfile -t files < <(changed_sources "${1:-}")
  [ ${#files[@]} = 0 ] || step "generated headers" build_preset dev vardkedja_proto_gen
  [ ${#files[@]} = 0 ] || { cd "$ROOT" && step "clang-tidy on ${#files[@]} changed files" \
    xargs -P "$(nproc)" -n 4 clang-tidy -quiet -p build/dev <<<"$(printf '%s\n' "${files[@]}")"; }
  say "lint: clean"
}

cmd_soak() { "$ROOT/tests/soak" "$@"; }
