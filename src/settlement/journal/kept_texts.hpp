#pragma once

#include <algorithm>
#include <cstring>
#include <memory>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace payments::settlement::journal {

// Keeps copies of texts, one behind the other, so that a booking holds views of them. They live as
// long as this, wherever it is moved. For one thread.
class KeptTexts {
public:
    std::string_view keep(std::string_view text) {
        if (text.empty()) return {};
        if (text.size() > left_) {
            left_ = std::max(piece_bytes, text.size());
            pieces_.push_back(std::make_unique_for_overwrite<char[]>(left_));
            next_ = pieces_.back().get();
        }
        std::memcpy(next_, text.data(), text.size());
        const std::string_view kept{next_, text.size()};
        next_ += text.size();
        left_ -= text.size();
        return kept;
    }
    // What comes again and again is kept once.
    std::string_view keep_once(std::string_view text) {
        const auto found = once_.find(text);
        return found != once_.end() ? *found : *once_.insert(keep(text)).first;
    }

private:
    static constexpr std::size_t piece_bytes = 64 << 10;

    std::vector<std::unique_ptr<char[]>> pieces_;
    char* next_ = nullptr;
    std::size_t left_ = 0;
    std::unordered_set<std::string_view> once_;
};

}  // namespace payments::settlement::journal
