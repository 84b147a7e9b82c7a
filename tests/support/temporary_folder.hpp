// A folder of its own for each test, gone with the object.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

namespace parley::test {

class temporary_folder {
public:
    temporary_folder() {
        auto pattern = (std::filesystem::temp_directory_path() / "parley-test-XXXXXX").string();
        path_ = ::mkdtemp(pattern.data());
    }
    temporary_folder(temporary_folder const&) = delete;
    temporary_folder& operator=(temporary_folder const&) = delete;
    ~temporary_folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    [[nodiscard]] std::filesystem::path const& path() const { return path_; }

private:
    std::filesystem::path path_;
};

}  // namespace parley::test
