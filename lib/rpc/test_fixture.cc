#include "lib/rpc/test_fixture.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <utility>

namespace vardkedja::rpc {
namespace {

template <auto kFree>
struct Deleter {
  template <class T>
  void operator()(T* object) const {
    kFree(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Deleter<X509_free>>;
using Bio = std::unique_ptr<BIO, Deleter<BIO_free_all>>;

void Check(bool good, const char* what) {
  if (good) return;
  std::fprintf(stderr, "test fixture: %s failed\n", what);
  std::abort();
}

std::string Text(const Bio& bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string Pem(X509* certificate) {
  const Bio bio(BIO_new(BIO_s_mem()));
  Check(PEM_write_bio_X509(bio.get(), certificate) == 1, "PEM");
  return Text(bio);
}

std::string Pem(EVP_PKEY* key) {
  const Bio bio(BIO_new(BIO_s_mem()));
  Check(PEM_write_bio_PKCS8PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1,
        "PEM");
  return Text(bio);
}

void AddExtension(X509* certificate, int nid, const std::string& value) {
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, nid, value.c_str());
  Check(extension != nullptr, "X509 extension");
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

// Signed by `issuer`, or by itself when there is none.
Certificate Make(const std::string& name, EVP_PKEY* key, X509* issuer, EVP_PKEY* issuer_key) {
  static long serial = 1;
  Certificate certificate(X509_new());
  X509* raw = certificate.get();
  X509_set_version(raw, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(raw), ++serial);
  X509_gmtime_adj(X509_getm_notBefore(raw), -60);
  X509_gmtime_adj(X509_getm_notAfter(raw), 86'400);
  X509_set_pubkey(raw, key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(raw), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  X509_set_issuer_name(raw, X509_get_subject_name(issuer == nullptr ? raw : issuer));
  if (issuer == nullptr) {
    AddExtension(raw, NID_basic_constraints, "critical,CA:TRUE");
  } else {
    AddExtension(raw, NID_subject_alt_name, "DNS:" + name);
  }
  Check(X509_sign(raw, issuer_key, EVP_sha256()) > 0, "X509_sign");
  return certificate;
}

}  // namespace

TestDirectory::TestDirectory() {
  std::string name = (std::filesystem::temp_directory_path() / "vardkedja-rpc-XXXXXX").string();
  Check(mkdtemp(name.data()) != nullptr, "mkdtemp");
  path_ = name;
}

TestDirectory::~TestDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

void TestDirectory::Write(std::string_view name, std::string_view content) const {
  const std::string path = Path(name);
  const std::string fresh = path + ".new";
  std::ofstream(fresh) << content;
  std::filesystem::rename(fresh, path);
}

struct TestPki::Authority {
  Key key;
  Certificate certificate;
};

TestPki::TestPki(const TestDirectory& directory, std::string prefix)
    : directory_(directory), prefix_(std::move(prefix)), authority_(std::make_unique<Authority>()) {
  authority_->key.reset(EVP_EC_gen("P-256"));
  EVP_PKEY* key = authority_->key.get();
  authority_->certificate = Make("Test CA " + prefix_, key, nullptr, key);
  directory_.Write(prefix_ + "ca.crt", Pem(authority_->certificate.get()));
}

TestPki::~TestPki() = default;

config::Tls TestPki::Issue(const std::string& name) const {
  const Key key(EVP_EC_gen("P-256"));
  const Certificate certificate =
      Make(name, key.get(), authority_->certificate.get(), authority_->key.get());
  directory_.Write(prefix_ + name + ".key", Pem(key.get()));
  directory_.Write(prefix_ + name + ".crt", Pem(certificate.get()));
  config::Tls tls;
  tls.ca = directory_.Path(prefix_ + "ca.crt");
  tls.certificate = directory_.Path(prefix_ + name + ".crt");
  tls.key = directory_.Path(prefix_ + name + ".key");
  tls.refresh = std::chrono::seconds(1);
  return tls;
}

void TestPki::TrustAlso(const TestPki& other) const {
  directory_.Write(prefix_ + "ca.crt",
                   Pem(authority_->certificate.get()) + Pem(other.authority_->certificate.get()));
}

TestTokens::TestTokens(const TestDirectory& directory)
    : directory_(directory), key_(auth::SigningKey::Generate().value()) {
  directory_.Write("jwks.json", auth::MakeJwks({key_.Jwk()}));
}

config::Auth TestTokens::auth() const {
  config::Auth auth;
  auth.jwks = directory_.Path("jwks.json");
  auth.issuer = "vardkedja-test";
  auth.audience = "vardkedja";
  return auth;
}

std::string TestTokens::Sign(const TestToken& token) const {
  const auto list = [](const std::vector<std::string>& values) {
    std::string json;
    for (const std::string& value : values) json += (json.empty() ? "\"" : ",\"") + value + "\"";
    return "[" + json + "]";
  };
  const auto expires = std::chrono::duration_cast<std::chrono::seconds>(
      std::chrono::system_clock::now().time_since_epoch() + token.life);
  std::string claims = R"({"iss":"vardkedja-test","aud":"vardkedja","sub":")" + token.subject +
                       R"(","org":")" + token.organisation + R"(","unit":")" + token.unit +
                       R"(","roles":)" + list(token.roles) + R"(,"loa":")" + token.assurance +
                       R"(","exp":)" + std::to_string(expires.count());
  if (!token.more_units.empty()) claims += ",\"units\":" + list(token.more_units);
  if (!token.seat.empty()) claims += R"(,"seat":")" + token.seat + "\"";
  return key_.Sign(claims + "}");
}

config::ServiceConfig TestConfig(const std::string& service, const config::Auth& auth) {
  config::ServiceConfig config;
  config.environment = config::Environment::kTest;
  config.service = service;
  config.listen = "127.0.0.1:0";
  config.admin_listen = "127.0.0.1:0";
  config.tls.insecure = true;
  config.auth = auth;
  config.limits.drain = std::chrono::seconds(5);
  return config;
}

}  // namespace vardkedja::rpc
