#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "storage/sqlite/database.hpp"

// Words that were erased are overwritten by SQLite where they stood (secure_delete). Where rows
// were moved from page to page earlier, copies of them may lie on in what is unused of the old
// page; these are overwritten here, in the file itself and without SQLite's knowledge, for nothing
// reads what is unused. docs/personal_data.md, 6.
namespace payments::sqlite {

// Overwrites what is unused of a page of a tree; `header` is where the tree's begins, 100 on the
// first page. False, and nothing is changed, where there is nothing to overwrite or the page is
// none of a tree.
bool clean_page(std::span<unsigned char> page, std::size_t header);

// As BlockingDatabase promises: about a thousand pages behind `from`. First everything in the
// write-ahead log is put into the file and the log emptied. Throws StoreDown when this file cannot
// be cleaned so (it is larger than 64 GiB, or has auto_vacuum): then VACUUM does it.
bool clean_files(
    Database& database, std::int64_t from, const std::function<void(std::int64_t next)>& note
);

}  // namespace payments::sqlite
