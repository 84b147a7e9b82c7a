#include "modules/transform/number_cues.hpp"

#include "modules/transform/code_points.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string>

namespace parley {
namespace {

constexpr std::size_t reach_of_phone = 48;  // bytes
constexpr std::size_t reach_of_other = 24;

// ASCII words in small letters, each matched at the beginning of a word; others as they are written.
constexpr auto phone_words = std::to_array<std::string_view>(
    {"tel",    "phone",  "call",          "mobil",   "cell",    "fax",    "whatsapp", "sms",      "handy",
     "dial",   "ring",   "reach",         "text me", "contact", "gsm",    "festnetz", "ruf",      "appel",
     "portab", "movil",  "móvil",         "celular", "cel ",    "cel:",   "dzwo",     "fijo",     "ligue",
     "chiama", "cellul", "puhelin",       "telp",    "sdt",     "viber",  "hotline",  "landline", "zadzwo",
     "komórk", "bel ",   "numero di tel", "тел",     "Тел",     "ТЕЛ",    "моб",      "Моб",      "звон",
     "Звон",   "дзвон",  "τηλ",           "Τηλ",     "κιν",     "电话",   "電話",     "手机",     "手機",
     "致电",   "联系",   "携帯",          "携带",    "전화",    "핸드폰", "휴대폰",   "연락",     "هاتف",
     "جوال",   "موبايل", "اتصل",          "تلفن",    "फ़ोन",     "फोन",    "मोबाइल",   "कॉल",      "โทร",
     "טלפון",  "נייד",   "điện thoại",    "ফোন"});

constexpr auto other_words = std::to_array<std::string_view>(
    {"order",    "invoice",    "isbn",    "issn",     "ref",     "id",          "ticket",  "sku",
     "serial",   "account",    "acct",    "iban",     "konto",   "kunden",      "bestell", "rechnung",
     "auftrag",  "version",    "build ",  "tracking", "part no", "part number", "artic",   "artik",
     "passport", "ssn",        "tax",     "vat",      "ean",     "gtin",        "upc",     "imei",
     "policy",   "commande",   "facture", "pedido",   "factura", "zamów",       "epoch",   "unix",
     "price",    "population", "заказ",   "Заказ",    "счет",    "ИНН",         "订单",    "單號",
     "单号",     "编号",       "注文",    "주문",     "송장"});

std::string in_small_letters(std::string_view text) {
    std::string lower{text};
    for (auto& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return lower;
}

bool stands_as_a_word(std::string_view text, std::size_t at, std::string_view word, std::size_t whole) {
    if (static_cast<unsigned char>(word[0]) >= 0x80) return true;
    if (is_ascii_letter(code_point_before(text, at).value)) return false;
    return word.size() > whole || !is_ascii_letter(code_point_at(text, at + word.size()).value);
}

/// Where the last of the words ends in the text; 0 when none is there. Words of at most `whole` letters are
/// not taken for the beginning of others.
std::size_t last_end(std::string_view text, std::span<std::string_view const> words, std::size_t whole) {
    std::size_t last = 0;
    for (auto const word : words) {
        auto const at = text.rfind(word);
        if (at == std::string_view::npos || at + word.size() <= last) continue;
        if (stands_as_a_word(text, at, word, whole)) last = at + word.size();
    }
    return last;
}

bool has_word(std::string_view text) {
    return std::ranges::any_of(
        text, [](unsigned char c) { return c >= 0x80 || is_ascii_letter(static_cast<char32_t>(c)); });
}

/// A sentence that ends lets its words go.
bool has_sentence_end(std::string_view text) { return text.find_first_of("?!\n;") != std::string_view::npos; }

}  // namespace

number_cue cue_before(std::string_view text, std::size_t barrier, std::size_t begin) {
    auto const from = std::max(barrier, begin - std::min(begin, reach_of_phone));
    if (!has_word(text.substr(from, begin - from))) return number_cue::none;
    auto const window = in_small_letters(text.substr(from, begin - from));
    auto const phone = last_end(window, phone_words, 0);
    auto const other = last_end(window, other_words, 3);
    auto const behind = std::string_view{window}.substr(other);
    if (other > 0 && other >= phone && behind.size() <= reach_of_other && !has_sentence_end(behind)) {
        return number_cue::other;
    }
    return phone > 0 ? number_cue::phone : number_cue::none;
}

}  // namespace parley
