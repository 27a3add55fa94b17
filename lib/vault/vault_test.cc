#include "lib/vault/vault.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "lib/pg/pool.h"
#include "lib/status/status.h"
#include "lib/testing/pg_cluster.h"
#include "lib/vault/cipher.h"
#include "lib/vault/erasure_ledger.h"
#include "lib/vault/key_cache.h"
#include "lib/vault/migrations.h"

namespace vardkedja::vault {
namespace {

constexpr const char* kKeyA = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
constexpr const char* kKeyB = "HwECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

std::string Reason(const absl::Status& status) {
  const auto detail = GetErrorDetail(status);
  return detail ? detail->reason : std::string(ToStd(status.ToString()));
}

std::string RingText(const std::string& active, bool with_old) {
  const std::string old = std::string("kek-1: ") + kKeyA + ", ";
  return "encryption: {active: " + active + ", keys: {" + (with_old ? old : "") +
         "kek-2: " + kKeyB + "}}\nindex: {active: idx-2, keys: {idx-1: " + kKeyA +
         ", idx-2: " + kKeyB + "}}\naudit: {active: aud-1, keys: {aud-1: " + kKeyA + "}}\n";
}

class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "vault-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~TemporaryDirectory() { std::filesystem::remove_all(path_); }
  std::string File(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

class VaultTest : public ::testing::Test {
 protected:
  void SetUp() override {
    WriteRing("kek-1", true);
    auto ring = KeyRing::Load(directory_.File("ring.yaml"));
    ASSERT_TRUE(ring.ok()) << ring.status();
    ring_ = *std::move(ring);
    vault_ = New();
  }

  void WriteRing(const std::string& active, bool with_old) {
    std::ofstream(directory_.File("ring.yaml"), std::ios::trunc) << RingText(active, with_old);
  }

  // Another replica when it has no cache.
  std::unique_ptr<Vault> New(std::chrono::seconds cache_life = std::chrono::seconds(60),
                             const std::string& owner = "referral") {
    VaultOptions options;
    options.owner = owner;
    options.ledger_file = directory_.File("ledger");
    options.cache_life = cache_life;
    return std::make_unique<Vault>(*pool_, *ring_, options);
  }

  std::string Sealed(const std::string& scope, const std::string& text) {
    const auto sealed = vault_->Seal(scope, "form", "referral.form", text);
    EXPECT_TRUE(sealed.ok()) << sealed.status();
    return sealed.ok() ? *sealed : "";
  }

  std::string Count(const std::string& sql) {
    return database_.Query("keystore", sql)[0].Text("n");
  }

  TemporaryDirectory directory_;
  vardkedja::testing::TestDatabase database_{"keystore", {Migrations()}};
  std::unique_ptr<pg::Pool> pool_ = database_.NewPool("keystore");
  std::unique_ptr<KeyRing> ring_;
  std::unique_ptr<Vault> vault_;
};

TEST_F(VaultTest, OpensWhatItSealed) {
  const std::string sealed = Sealed("c-1", "Alva Exempel");
  EXPECT_EQ(sealed.find("Alva"), std::string::npos);
  EXPECT_EQ(*vault_->Open("c-1", "form", "referral.form", sealed), "Alva Exempel");
  EXPECT_EQ(*New()->Open("c-1", "form", "referral.form", sealed), "Alva Exempel");
  EXPECT_EQ(*vault_->Open("c-1", "form", "referral.form", Sealed("c-1", "")), "");
  EXPECT_NE(Sealed("c-1", "x"), Sealed("c-1", "x")) << "nonces repeat";
}

TEST_F(VaultTest, OneKeyPerScopeOwnerAndClass) {
  Sealed("c-1", "x");
  Sealed("c-1", "y");
  Sealed("c-2", "x");
  ASSERT_TRUE(vault_->Seal("c-1", "message", "m", "x").ok());
  ASSERT_TRUE(New({}, "placement")->Seal("c-1", "form", "m", "x").ok());
  EXPECT_EQ(Count("SELECT count(*)::text AS n FROM data_key"), "4");
}

TEST_F(VaultTest, TamperedTextDoesNotOpen) {
  const std::string sealed = Sealed("c-1", "Alva Exempel");
  for (size_t i = 0; i < sealed.size(); ++i) {
    std::string changed = sealed;
    changed[i] = static_cast<char>(changed[i] ^ 4);
    EXPECT_EQ(Reason(vault_->Open("c-1", "form", "referral.form", changed).status()),
              "CIPHERTEXT_INVALID")
        << i;
  }
  for (const std::string& bad : {std::string(), sealed.substr(0, 40), sealed + "x"}) {
    EXPECT_EQ(Reason(vault_->Open("c-1", "form", "referral.form", bad).status()),
              "CIPHERTEXT_INVALID");
  }
}

TEST_F(VaultTest, MovedTextDoesNotOpen) {
  const std::string sealed = Sealed("c-1", "x");
  Sealed("c-2", "y");
  EXPECT_EQ(Reason(vault_->Open("c-1", "form", "referral.other", sealed).status()),
            "CIPHERTEXT_INVALID");
  EXPECT_EQ(Reason(vault_->Open("c-2", "form", "referral.form", sealed).status()),
            "CIPHERTEXT_INVALID");
}

// A key row copied over another's in the key store must not make its data readable.
TEST_F(VaultTest, AMovedKeyDoesNotUnwrap) {
  const std::string sealed = Sealed("c-1", "x");
  Sealed("c-2", "y");
  database_.Query("keystore",
                  "UPDATE data_key SET wrapped = (SELECT wrapped FROM data_key WHERE scope_id = "
                  "'c-2') WHERE scope_id = 'c-1'");
  EXPECT_EQ(Reason(New()->Open("c-1", "form", "referral.form", sealed).status()),
            "CIPHERTEXT_INVALID");
}

TEST_F(VaultTest, OpensManyWithErrorsOfTheirOwn) {
  const std::string one = Sealed("c-1", "one");
  const std::string two = Sealed("c-2", "two");
  const auto opened = New()->OpenAll({{"c-1", "form", "referral.form", one},
                                      {"c-2", "form", "referral.form", one},
                                      {"c-3", "form", "referral.form", two},
                                      {"c-2", "form", "referral.form", two}});
  ASSERT_TRUE(opened.ok());
  EXPECT_EQ(*opened->at(0), "one");
  EXPECT_EQ(Reason(opened->at(1).status()), "CIPHERTEXT_INVALID");
  EXPECT_EQ(Reason(opened->at(2).status()), "ERASED");
  EXPECT_EQ(*opened->at(3), "two");
}

TEST_F(VaultTest, BlindIndexIsKeyedAndNamed) {
  const auto values = vault_->BlindIndex("identity-number", "189001019802");
  ASSERT_EQ(values.size(), 2U);
  EXPECT_EQ(values[0].substr(0, 6), "idx-2:");
  EXPECT_EQ(values[1].substr(0, 6), "idx-1:");
  EXPECT_NE(values[0].substr(6), values[1].substr(6));
  EXPECT_EQ(vault_->BlindIndex("identity-number", "189001019802"), values);
  EXPECT_NE(vault_->BlindIndex("identity-number", "189001019803"), values);
  EXPECT_NE(vault_->BlindIndex("other", "189001019802"), values);
  EXPECT_EQ(values[0].find("1890"), std::string::npos);
}

TEST_F(VaultTest, ErasureIsFinalInEveryReplica) {
  const std::string sealed = Sealed("c-1", "x");
  const std::string other = Sealed("c-2", "y");
  const auto replica = New(std::chrono::seconds(0));
  ASSERT_TRUE(vault_->Erase("c-1", "retention").ok());
  ASSERT_TRUE(vault_->Erase("c-1", "retention").ok()) << "idempotent";
  EXPECT_EQ(Reason(vault_->Open("c-1", "form", "referral.form", sealed).status()), "ERASED");
  EXPECT_EQ(Reason(replica->Open("c-1", "form", "referral.form", sealed).status()), "ERASED");
  EXPECT_EQ(Reason(vault_->Seal("c-1", "form", "referral.form", "z").status()), "ERASED");
  EXPECT_EQ(Reason(vault_->Seal("c-1", "new-class", "t", "z").status()), "ERASED");
  EXPECT_EQ(*vault_->Open("c-2", "form", "referral.form", other), "y");
  EXPECT_EQ(Count("SELECT reason_code AS n FROM erasure"), "retention");
}

TEST_F(VaultTest, AnOwnersErasureLeavesTheOthers) {
  const auto placement = New({}, "placement");
  const auto kept = placement->Seal("c-1", "form", "t", "stay record");
  Sealed("c-1", "x");
  ASSERT_TRUE(vault_->Erase("c-1", "retention").ok());
  EXPECT_EQ(*placement->Open("c-1", "form", "t", *kept), "stay record");
}

TEST_F(VaultTest, ReplayErasesAgainAfterARestore) {
  const std::string sealed = Sealed("c-1", "x");
  const std::string kept = Sealed("c-2", "y");
  const pg::Result backup =
      database_.Query("keystore", "SELECT kek_id, wrapped FROM data_key WHERE scope_id = 'c-1'");
  ASSERT_TRUE(vault_->Erase("c-1", "retention").ok());

  // The key store comes back from a backup taken before the erasure: key back, ledger row gone.
  database_.Query("keystore", "DELETE FROM erasure");
  database_.Query("keystore",
                  "INSERT INTO data_key (scope_id, owner, record_class, kek_id, wrapped) "
                  "VALUES ('c-1', 'referral', 'form', $1, $2)",
                  {backup[0].Text("kek_id"), pg::Bytes{backup[0].Bytes("wrapped")}});
  const auto restored = New();
  ASSERT_EQ(*restored->Open("c-1", "form", "referral.form", sealed), "x") << "no restore happened";

  const auto erased = restored->ReplayLedger();
  ASSERT_TRUE(erased.ok()) << erased.status();
  EXPECT_EQ(*erased, std::vector<std::string>{"c-1"});
  EXPECT_EQ(Reason(restored->Open("c-1", "form", "referral.form", sealed).status()), "ERASED");
  EXPECT_EQ(*restored->Open("c-2", "form", "referral.form", kept), "y");
  EXPECT_EQ(Reason(restored->Seal("c-1", "form", "t", "x").status()), "ERASED");
}

TEST_F(VaultTest, RewrapsAndRetiresAtZero) {
  const std::string sealed = Sealed("c-1", "one");
  Sealed("c-2", "two");
  Sealed("c-3", "three");
  WriteRing("kek-2", true);
  EXPECT_EQ(*vault_->Rewrap(2), 2U);
  EXPECT_EQ(*vault_->KeyUse(), (std::map<std::string, int64_t>{{"kek-1", 1}, {"kek-2", 2}}));
  EXPECT_EQ(
      Count("SELECT count(*)::text AS n FROM key_encryption_key WHERE retired_at IS NOT NULL"),
      "0");
  EXPECT_EQ(*vault_->Rewrap(2), 1U);
  EXPECT_EQ(*vault_->Rewrap(2), 0U);
  EXPECT_EQ(Count("SELECT string_agg(id, ',') AS n FROM key_encryption_key "
                  "WHERE retired_at IS NOT NULL"),
            "kek-1");

  WriteRing("kek-2", false);
  ASSERT_TRUE(ring_->Reload().ok());
  EXPECT_TRUE(vault_->CheckKeyRing().ok());
  EXPECT_EQ(*New()->Open("c-1", "form", "referral.form", sealed), "one");
}

TEST_F(VaultTest, ARingThatLacksAKeyInUseIsNoticed) {
  const std::string sealed = Sealed("c-1", "one");
  WriteRing("kek-2", false);
  ASSERT_TRUE(ring_->Reload().ok());
  EXPECT_EQ(Reason(vault_->CheckKeyRing()), "KEY_MISSING");
  EXPECT_EQ(Reason(New()->Open("c-1", "form", "referral.form", sealed).status()), "KEY_MISSING");
}

TEST_F(VaultTest, BackgroundRewrapFinishes) {
  for (int i = 0; i < 5; ++i) Sealed("c-" + std::to_string(i), "x");
  WriteRing("kek-2", true);
  Rewrapper rewrapper(*vault_, std::chrono::milliseconds(5));
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (vault_->KeyUse()->contains("kek-1") && std::chrono::steady_clock::now() < give_up) {
    std::this_thread::yield();
  }
  rewrapper.Stop();
  EXPECT_EQ(*vault_->KeyUse(), (std::map<std::string, int64_t>{{"kek-2", 5}}));
}

// The first sealers of a scope race for its key; all must end up with the same one.
TEST_F(VaultTest, ConcurrentFirstSealsShareAKey) {
  std::vector<std::string> sealed(8);
  std::vector<std::thread> threads;
  for (size_t i = 0; i < sealed.size(); ++i) {
    threads.emplace_back([&, i] {
      const auto mine = New();
      sealed[i] = *mine->Seal("c-race", "form", "t", std::to_string(i));
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (size_t i = 0; i < sealed.size(); ++i) {
    EXPECT_EQ(*vault_->Open("c-race", "form", "t", sealed[i]), std::to_string(i));
  }
  EXPECT_EQ(Count("SELECT count(*)::text AS n FROM data_key"), "1");
}

TEST_F(VaultTest, TheRuntimeRoleCannotTakeAnErasureBack) {
  ASSERT_TRUE(vault_->Erase("c-1", "retention").ok());
  for (const char* sql : {"DELETE FROM erasure", "UPDATE erasure SET scope_id = 'x'"}) {
    EXPECT_EQ(pg::SqlState(pool_->Write(sql).status()), "42501") << sql;
  }
}

TEST(KeyRing, RefusesWhatIsMalformed) {
  const TemporaryDirectory directory;
  const std::string good = RingText("kek-2", true);
  const auto load = [&](const std::string& text) {
    std::ofstream(directory.File("ring"), std::ios::trunc) << text;
    return KeyRing::Load(directory.File("ring")).status();
  };
  ASSERT_TRUE(load(good).ok());
  EXPECT_FALSE(KeyRing::Load(directory.File("absent")).ok());
  EXPECT_FALSE(load("").ok());
  EXPECT_FALSE(load("[1]").ok());
  EXPECT_FALSE(load(good + "more: {}\n").ok());
  EXPECT_FALSE(load(RingText("kek-9", true)).ok()) << "the active key must exist";
  EXPECT_FALSE(load(good.substr(good.find("index"))).ok()) << "all purposes must be there";
  std::string short_key = good;
  short_key.replace(short_key.find(kKeyB), 4, "");
  const absl::Status status = load(short_key);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(std::string(ToStd(status.message())).find("ECAwQF"), std::string::npos)
      << "key material in a message";
}

TEST(KeyCache, IsBoundedByUseTimeAndErasure) {
  KeyCache cache(2, std::chrono::seconds(60));
  const Key key = KeyRing::Generate("k").key;
  cache.Insert({"a", "x"}, key, cache.Era());
  cache.Insert({"b", "x"}, key, cache.Era());
  EXPECT_TRUE(cache.Find({"a", "x"}));
  cache.Insert({"c", "x"}, key, cache.Era());
  EXPECT_FALSE(cache.Find({"b", "x"})) << "least recently used";
  EXPECT_TRUE(cache.Find({"a", "x"}));
  const uint64_t before = cache.Era();
  cache.EraseScope("a");
  EXPECT_FALSE(cache.Find({"a", "x"}));
  cache.Insert({"a", "x"}, key, before);
  EXPECT_FALSE(cache.Find({"a", "x"})) << "read before the erasure";
  KeyCache off(2, std::chrono::seconds(0));
  off.Insert({"a", "x"}, key, off.Era());
  EXPECT_FALSE(off.Find({"a", "x"}));
}

TEST(ErasureLedger, PassesOverACutLine) {
  const TemporaryDirectory directory;
  ErasureLedger ledger(directory.File("ledger"));
  EXPECT_TRUE(ledger.Read()->empty());
  ASSERT_TRUE(ledger.Append({"referral", "c-1", "retention"}).ok());
  std::ofstream(directory.File("ledger"), std::ios::app) << "\nreferral\tc-2\tret";
  EXPECT_EQ(ledger.Read()->size(), 1U);
  ASSERT_TRUE(ledger.Append({"referral", "c-3", "retention"}).ok());
  EXPECT_EQ(*ledger.Read(), (std::vector<Erasure>{{"referral", "c-1", "retention"},
                                                  {"referral", "c-3", "retention"}}));
  EXPECT_FALSE(ErasureLedger("/nonexistent/ledger").Append({"a", "b", "c"}).ok());
}

TEST(Cipher, JoinTellsPartsApart) {
  EXPECT_NE(Join({"ab", "c"}), Join({"a", "bc"}));
  EXPECT_NE(Join({"a", ""}), Join({"a"}));
}

}  // namespace
}  // namespace vardkedja::vault
