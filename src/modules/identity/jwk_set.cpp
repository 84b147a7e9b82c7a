#include "modules/identity/jwk_set.hpp"

#include "common/base64url.hpp"
#include "modules/identity/strict_json.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <utility>

namespace parley {
namespace {

namespace json = boost::json;

constexpr std::size_t least_secret = 32;     // bytes; RFC 7518 §3.2
constexpr int least_rsa = 2048;              // bits; RFC 7518 §3.3
constexpr std::size_t most_rsa = 2048;       // bytes of the modulus, so that a check takes no seconds
constexpr std::size_t most_exponent = 8;     // bytes
constexpr std::size_t deepest_key_set = 16;  // levels of JSON

std::unexpected<error> wrong(std::string what) { return invalid("invalid_jwks", std::move(what), ""); }

std::string_view text_of(json::object const& key, std::string_view name) {
    auto const* value = key.if_contains(name);
    auto const* text = value == nullptr ? nullptr : value->if_string();
    return text == nullptr ? std::string_view{} : std::string_view{text->data(), text->size()};
}

std::optional<std::string> bytes_of(json::object const& key, std::string_view name) {
    auto const text = text_of(key, name);
    return text.empty() ? std::nullopt : from_base64url(text);
}

template <auto Free>
struct freed_by {
    template <class T>
    void operator()(T* one) const {
        Free(one);
    }
};
using number = std::unique_ptr<BIGNUM, freed_by<BN_free>>;
using builder = std::unique_ptr<OSSL_PARAM_BLD, freed_by<OSSL_PARAM_BLD_free>>;
using parameters = std::unique_ptr<OSSL_PARAM, freed_by<OSSL_PARAM_free>>;
using key_context = std::unique_ptr<EVP_PKEY_CTX, freed_by<EVP_PKEY_CTX_free>>;

std::shared_ptr<EVP_PKEY> own(EVP_PKEY* key) { return {key, EVP_PKEY_free}; }

unsigned char const* raw(std::string const& bytes) {
    return reinterpret_cast<unsigned char const*>(bytes.data());
}

std::shared_ptr<EVP_PKEY> make_key(char const* type, OSSL_PARAM_BLD* from) {
    parameters const all{OSSL_PARAM_BLD_to_param(from)};
    key_context const context{EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr)};
    EVP_PKEY* made = nullptr;
    if (!all || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
        EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_PUBLIC_KEY, all.get()) != 1)
        return nullptr;
    auto key = own(made);
    // A point may lie on no curve.
    key_context const checking{EVP_PKEY_CTX_new_from_pkey(nullptr, made, nullptr)};
    return checking && EVP_PKEY_public_check(checking.get()) == 1 ? key : nullptr;
}

std::shared_ptr<EVP_PKEY> rsa_key(json::object const& key) {
    auto const modulus = bytes_of(key, "n");
    auto const exponent = bytes_of(key, "e");
    if (!modulus || !exponent || modulus->size() > most_rsa || exponent->size() > most_exponent)
        return nullptr;
    number const n{BN_bin2bn(raw(*modulus), static_cast<int>(modulus->size()), nullptr)};
    number const e{BN_bin2bn(raw(*exponent), static_cast<int>(exponent->size()), nullptr)};
    builder const parts{OSSL_PARAM_BLD_new()};
    if (!n || !e || !parts || OSSL_PARAM_BLD_push_BN(parts.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
        OSSL_PARAM_BLD_push_BN(parts.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1)
        return nullptr;
    return make_key("RSA", parts.get());
}

std::shared_ptr<EVP_PKEY> p256_key(json::object const& key) {
    constexpr std::size_t coordinate = 32;
    auto const x = bytes_of(key, "x");
    auto const y = bytes_of(key, "y");
    if (text_of(key, "crv") != "P-256" || !x || !y || x->size() != coordinate || y->size() != coordinate)
        return nullptr;
    auto const point = "\x04" + *x + *y;  // uncompressed
    builder const parts{OSSL_PARAM_BLD_new()};
    if (!parts || OSSL_PARAM_BLD_push_utf8_string(parts.get(), OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0) != 1 ||
        OSSL_PARAM_BLD_push_octet_string(parts.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) !=
            1)
        return nullptr;
    return make_key("EC", parts.get());
}

std::shared_ptr<EVP_PKEY> ed25519_key(json::object const& key) {
    auto const x = bytes_of(key, "x");
    if (text_of(key, "crv") != "Ed25519" || !x) return nullptr;
    return own(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, raw(*x), x->size()));
}

/// Nullopt for kinds that are not ours.
std::optional<jwt_algorithm> algorithm_of(json::object const& key) {
    auto const type = text_of(key, "kty");
    auto const named = text_of(key, "alg");
    auto const is = [&](std::string_view kind, std::string_view algorithm) {
        return type == kind && (named.empty() || named == algorithm);
    };
    if (type == "oct" && named == "HS256") return jwt_algorithm::hs256;
    if (is("RSA", "RS256")) return jwt_algorithm::rs256;
    if (is("EC", "ES256") && text_of(key, "crv") == "P-256") return jwt_algorithm::es256;
    if (is("OKP", "EdDSA") && text_of(key, "crv") == "Ed25519") return jwt_algorithm::eddsa;
    return std::nullopt;
}

result<jwk> read_key(json::object const& from, jwt_algorithm algorithm) {
    jwk out{std::string{text_of(from, "kid")}, algorithm, {}, nullptr};
    auto const where = out.kid.empty() ? std::string{"a key without a kid"} : "the key \"" + out.kid + "\"";
    if (algorithm == jwt_algorithm::hs256) {
        auto secret = bytes_of(from, "k");
        if (!secret || secret->size() < least_secret)
            return wrong(where + " has less than 32 bytes, which HS256 needs.");
        out.secret = std::move(*secret);
        return out;
    }
    out.pkey = algorithm == jwt_algorithm::rs256   ? rsa_key(from)
               : algorithm == jwt_algorithm::es256 ? p256_key(from)
                                                   : ed25519_key(from);
    if (!out.pkey) return wrong(where + " can not be read.");
    if (algorithm == jwt_algorithm::rs256 && EVP_PKEY_get_bits(out.pkey.get()) < least_rsa)
        return wrong(where + " has less than 2,048 bits.");
    return out;
}

/// RFC 7517 §4.2 and §4.3.
bool is_for_verifying(json::object const& key) {
    auto const use = text_of(key, "use");
    if (!use.empty() && use != "sig") return false;
    auto const* operations = key.if_contains("key_ops");
    auto const* list = operations == nullptr ? nullptr : operations->if_array();
    auto const is_verify = [](json::value const& one) {
        return one.is_string() && one.get_string() == "verify";
    };
    return operations == nullptr || (list != nullptr && std::ranges::any_of(*list, is_verify));
}

/// What is something else than text would read as if it were not there.
bool has_odd_member(json::object const& key) {
    return std::ranges::any_of(std::array{"kty", "kid", "alg", "use"}, [&](char const* name) {
        auto const* value = key.if_contains(name);
        return value != nullptr && !value->is_string();
    });
}

}  // namespace

result<jwk_set> jwk_set::parse(std::string_view text) {
    if (text.size() > largest_jwk_set) return wrong("it is larger than 1 MiB.");
    auto const object = strict_object(text, deepest_key_set);
    auto const* listed = object ? object->if_contains("keys") : nullptr;
    auto const* list = listed == nullptr ? nullptr : listed->if_array();
    if (list == nullptr) return wrong("it is no JSON object with a list \"keys\".");
    std::vector<jwk> keys;
    for (auto const& one : *list) {
        auto const* key = one.if_object();
        if (key == nullptr) return wrong("one of its keys is no JSON object.");
        if (has_odd_member(*key)) return wrong("the kty, kid, alg or use of one of its keys is no text.");
        auto const algorithm = algorithm_of(*key);
        if (!algorithm || !is_for_verifying(*key)) continue;
        auto made = read_key(*key, *algorithm);
        ERR_clear_error();  // of a key that is none: nobody reads it, and it would stay on this thread
        if (!made) return std::unexpected(made.error());
        bool const known = !made->kid.empty() && std::ranges::find(keys, made->kid, &jwk::kid) != keys.end();
        if (known) return wrong("two keys have the kid \"" + made->kid + "\".");
        keys.push_back(std::move(*made));
    }
    if (keys.empty())
        return wrong("it has no key for HS256 (with \"alg\"), RS256, ES256 or EdDSA (Ed25519).");
    return jwk_set{std::move(keys)};
}

}  // namespace parley
