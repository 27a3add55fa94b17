# shellcheck shell=bash
# Secrets of a development suite: made once, readable by the owner alone.
random_secret() { openssl rand -hex 24; }

make_ca() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 825 \
    -subj "/CN=Vardkedjan development CA" -keyout "$STATE/tls/ca.key" -out "$STATE/tls/ca.crt"
}

make_certificate() { # process name: the identity that its peers check
  local name=$1
  openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$name" \
    -keyout "$STATE/tls/$name.key" -out "$STATE/tls/$name.csr"
  openssl x509 -req -in "$STATE/tls/$name.csr" -CA "$STATE/tls/ca.crt" -CAkey "$STATE/tls/ca.key" \
    -CAcreateserial -days 825 -out "$STATE/tls/$name.crt" -extfile <(
      printf 'subjectAltName=DNS:%s,DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth,clientAuth\n' "$name")
  rm "$STATE/tls/$name.csr"
}

make_secrets() ( # a subshell: the strict umask stays inside
  umask 077
  mkdir -p "$STATE"/{tls,secrets,auth,run,config,log}
  local name
  [ -f "$STATE/secrets/pg-superuser" ] || random_secret >"$STATE/secrets/pg-superuser"
  for name in "${SERVICES[@]}" keystore; do
    [ -f "$STATE/secrets/pg-$name-migrator" ] || random_secret >"$STATE/secrets/pg-$name-migrator"
    [ -f "$STATE/secrets/pg-$name-runtime" ] || random_secret >"$STATE/secrets/pg-$name-runtime"
  done
  [ -f "$STATE/tls/ca.crt" ] || make_ca
  for name in "${PROCESSES[@]}"; do
    [ -f "$STATE/tls/$name.crt" ] || make_certificate "$name"
  done
  [ -f "$STATE/secrets/key-ring.yaml" ] || "$BIN/vardkedja-keys" init --file "$STATE/secrets/key-ring.yaml"
  [ -f "$STATE/auth/jwks.json" ] || "$BIN/vardkedja-token" keygen --out "$STATE/auth"
)
