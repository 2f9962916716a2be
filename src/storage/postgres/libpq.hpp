#pragma once

#include <libpq-fe.h>

namespace payments::postgres {

// clang-format off
#define LIBPQ_FUNCTIONS(use)                                                                  \
    use(PQclear) use(PQcmdTuples) use(PQconnectdbParams) use(PQconninfoFree)                  \
    use(PQconninfoParse) use(PQconsumeInput) use(PQenterPipelineMode) use(PQerrorMessage)     \
    use(PQexec) use(PQexecParams) use(PQfinish) use(PQflush) use(PQfreemem) use(PQgetResult)  \
    use(PQgetisnull) use(PQgetlength) use(PQgetvalue) use(PQisBusy) use(PQntuples)            \
    use(PQpipelineSync) use(PQputCopyData) use(PQputCopyEnd) use(PQresultErrorField)          \
    use(PQresultStatus) use(PQsendPrepare) use(PQsendQueryParams) use(PQsendQueryPrepared)    \
    use(PQsetNoticeProcessor) use(PQsetnonblocking) use(PQsocket) use(PQstatus)               \
    use(PQtransactionStatus)
// clang-format on

// PostgreSQL's client library. It is loaded when it is first asked for: eighteen other libraries
// come with it (Kerberos, LDAP, GnuTLS), which an installation on SQLite would only pay for, in
// memory and at each start.
struct Libpq {
#define LIBPQ_MEMBER(function) decltype(&::function) function;
    LIBPQ_FUNCTIONS(LIBPQ_MEMBER)
#undef LIBPQ_MEMBER
};

// Any thread. Throws std::runtime_error when it is not installed.
const Libpq& libpq();

}  // namespace payments::postgres
