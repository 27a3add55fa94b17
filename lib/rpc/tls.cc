#include "lib/rpc/tls.h"

#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_certificate_verifier.h>
#include <grpcpp/security/tls_credentials_options.h>

#include <array>
#include <fstream>
#include <string>
#include <utility>

#include "lib/status/status.h"

namespace vardkedja::rpc {
namespace {

namespace tls_api = grpc::experimental;

std::shared_ptr<tls_api::FileWatcherCertificateProvider> Watch(const config::Tls& tls) {
  return std::make_shared<tls_api::FileWatcherCertificateProvider>(
      tls.key, tls.certificate, tls.ca,
      static_cast<unsigned>(std::chrono::duration_cast<std::chrono::seconds>(tls.refresh).count()));
}

}  // namespace

absl::Status CheckTlsFiles(const config::Tls& tls) {
  if (tls.insecure) return absl::OkStatus();
  const std::array<std::pair<const char*, const std::string*>, 3> files = {
      {{"tls.ca", &tls.ca}, {"tls.certificate", &tls.certificate}, {"tls.key", &tls.key}}};
  for (const auto& [key, path] : files) {
    std::ifstream file(*path);
    if (file.get() != std::ifstream::traits_type::eof()) continue;
    return MakeError(absl::StatusCode::kInvalidArgument,
                     std::string(key) + ": cannot read " + *path, "CONFIGURATION_INVALID");
  }
  return absl::OkStatus();
}

std::shared_ptr<grpc::ServerCredentials> MakeServerCredentials(const config::Tls& tls) {
  if (tls.insecure) return grpc::InsecureServerCredentials();
  tls_api::TlsServerCredentialsOptions options(Watch(tls));
  options.watch_root_certs();
  options.watch_identity_key_cert_pairs();
  options.set_cert_request_type(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  return tls_api::TlsServerCredentials(options);
}

std::shared_ptr<grpc::ChannelCredentials> MakeChannelCredentials(const config::Tls& tls) {
  if (tls.insecure) return grpc::InsecureChannelCredentials();
  tls_api::TlsChannelCredentialsOptions options;
  options.set_certificate_provider(Watch(tls));
  options.watch_root_certs();
  options.watch_identity_key_cert_pairs();
  options.set_certificate_verifier(std::make_shared<tls_api::HostNameCertificateVerifier>());
  return tls_api::TlsCredentials(options);
}

}  // namespace vardkedja::rpc
