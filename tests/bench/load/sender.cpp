#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <deque>
#include <stdexcept>
#include <thread>
#include <vector>

#include "commands.hpp"
#include "requests.hpp"

// The sender does as little as it can, because it shares the machine with what it measures: all
// requests are composed and signed before the clock starts, then one thread writes and reads.
namespace payments::bench {
namespace {

using Steady = std::chrono::steady_clock;

// A crowd is sent and heard every so often: to be woken for each request and each answer would take
// more from the cores than both.
constexpr auto crowd_pause = std::chrono::milliseconds{1};

struct Client {
    int socket = -1;
    std::string_view left;   // of the request, still to be written
    Steady::time_point due;  // when its request was to be sent
    std::string received;    // of an answer that did not come in one piece
};

// The whole length of an answer; 0 until its head is complete.
std::size_t length_of(std::string_view answer) {
    const auto head = answer.find("\r\n\r\n");
    if (head == answer.npos) return 0;
    auto length = answer.find("Content-Length: ");
    if (length == answer.npos) length = answer.find("content-length: ");
    if (length == answer.npos) throw std::runtime_error{"an answer has no Content-Length"};
    std::size_t body = 0;
    std::from_chars(answer.data() + length + 16, answer.data() + head, body);
    return head + 4 + body;
}

double cpu_s() {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(used.ru_utime) + seconds(used.ru_stime);
}

class Sender {
public:
    explicit Sender(const Load& load);
    ~Sender();
    void run();
    void print() const;

private:
    void connect(Client& client);
    void give_work();
    void begin(Client& client, Steady::time_point due);
    void write(Client& client);
    void read(Client& client);
    void finish(Client& client, std::string_view answer);
    void wait();
    void wait_for_many();
    void read_ready(int ready);
    Steady::time_point due_at(std::size_t number) const;
    bool may_send() const {
        return (is_repeatable_ || next_ < requests_.size()) && Steady::now() < end_;
    }

    const Load load_;
    const bool is_repeatable_;
    const std::string_view proof_;  // what every good answer holds
    std::vector<std::string> requests_;
    std::vector<Client> clients_;
    std::deque<Client*> idle_;
    int epoll_;
    std::array<epoll_event, 256> events_;
    std::array<char, 16384> piece_;  // one for all: ten thousand would be in no cache
    std::size_t next_ = 0, failed_ = 0;
    double cpu_s_ = 0;
    Steady::time_point began_, end_, last_answer_;
    std::vector<double> micros_;
    std::size_t refused_ = 0;
};

Sender::Sender(const Load& load)
    : load_(load),
      is_repeatable_(is_repeatable(load.kind)),
      proof_(proof_of(load.kind)),
      requests_(compose_all(load)),
      clients_(static_cast<std::size_t>(load.clients)),
      epoll_(epoll_create1(0)) {
    micros_.reserve(requests_.size());
    for (auto& client : clients_) connect(client);
}

Sender::~Sender() {
    for (auto& client : clients_) ::close(client.socket);
    ::close(epoll_);
}

void Sender::connect(Client& client) {
    client.socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(load_.port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int yes = 1;
    // A port is chosen for the pair of addresses: for one alone there are not ten thousand.
    ::setsockopt(client.socket, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &yes, sizeof yes);
    sockaddr_in from{};
    from.sin_family = AF_INET;
    if (::inet_pton(AF_INET, load_.source.c_str(), &from.sin_addr) != 1 ||
        ::bind(client.socket, reinterpret_cast<sockaddr*>(&from), sizeof from) != 0)
        throw std::runtime_error{"nobody can call from " + load_.source};
    if (::connect(client.socket, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
        throw std::runtime_error{"nobody listens on port " + std::to_string(load_.port)};
    ::setsockopt(client.socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    ::fcntl(client.socket, F_SETFL, O_NONBLOCK);
    epoll_event event{EPOLLIN, {.ptr = &client}};
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, client.socket, &event);
    idle_.push_back(&client);
}

Steady::time_point Sender::due_at(std::size_t number) const {
    const std::chrono::duration<double> after{static_cast<double>(number) / load_.rate_per_second};
    return began_ + std::chrono::duration_cast<Steady::duration>(after);
}

// With a rate, a request that is due while every client waits is late, and its lateness counts.
void Sender::give_work() {
    while (!idle_.empty() && may_send()) {
        const auto now = Steady::now();
        const auto due = load_.rate_per_second > 0 ? due_at(next_) : now;
        if (due > now) return;
        auto* client = idle_.front();
        idle_.pop_front();
        begin(*client, due);
    }
}

void Sender::begin(Client& client, Steady::time_point due) {
    client.left = requests_[next_++ % requests_.size()];
    client.due = due;
    client.received.clear();
    write(client);
}

// Requests are small and answered before the next, so they always fit into the socket's buffer.
void Sender::write(Client& client) {
    const auto sent = ::send(client.socket, client.left.data(), client.left.size(), MSG_NOSIGNAL);
    if (sent != static_cast<ssize_t>(client.left.size()))
        throw std::runtime_error{"a request could not be sent"};
}

void Sender::read(Client& client) {
    const auto got = ::recv(client.socket, piece_.data(), piece_.size(), 0);
    if (got <= 0) throw std::runtime_error{"a connection ended before its answer"};
    std::string_view answer{piece_.data(), static_cast<std::size_t>(got)};
    if (!client.received.empty()) answer = client.received.append(answer);
    const auto expected = length_of(answer);
    if (expected > 0 && answer.size() >= expected) return finish(client, answer);
    if (client.received.empty()) client.received = answer;
}

void Sender::finish(Client& client, std::string_view answer) {
    last_answer_ = Steady::now();
    const std::chrono::duration<double, std::micro> took = last_answer_ - client.due;
    idle_.push_back(&client);
    if (load_.takes_refusals && answer.starts_with("HTTP/1.1 503 ")) {
        ++refused_;
        return;
    }
    micros_.push_back(took.count());
    if (!answer.starts_with("HTTP/1.1 200 ") || answer.find(proof_) == answer.npos) {
        if (failed_++ == 0)
            std::fprintf(stderr, "%.*s\n", static_cast<int>(answer.size()), answer.data());
    }
}

void Sender::wait() {
    timespec pause{.tv_sec = 1, .tv_nsec = 0};
    if (load_.rate_per_second > 0 && !idle_.empty() && may_send()) {
        const auto left = std::max(due_at(next_) - Steady::now(), Steady::duration::zero());
        pause.tv_sec = std::chrono::duration_cast<std::chrono::seconds>(left).count();
        pause.tv_nsec = (left % std::chrono::seconds{1}).count();
    }
    const int ready = ::epoll_pwait2(epoll_, events_.data(), events_.size(), &pause, nullptr);
    read_ready(ready);
}

void Sender::wait_for_many() {
    std::this_thread::sleep_for(crowd_pause);
    const auto most = static_cast<int>(events_.size());
    int ready = most;
    while (ready == most) {
        ready = ::epoll_wait(epoll_, events_.data(), most, 0);
        read_ready(ready);
    }
}

void Sender::read_ready(int ready) {
    for (int i = 0; i < ready; ++i)
        read(*static_cast<Client*>(events_[static_cast<std::size_t>(i)].data.ptr));
}

void Sender::run() {
    const auto cpu_before_s = cpu_s();
    began_ = last_answer_ = Steady::now();
    end_ =
        began_ +
        std::chrono::duration_cast<Steady::duration>(std::chrono::duration<double>{load_.seconds});
    while (may_send() || idle_.size() < clients_.size()) {
        give_work();
        load_.takes_refusals ? wait_for_many() : wait();
    }
    cpu_s_ = cpu_s() - cpu_before_s;
}

void Sender::print() const {
    auto sorted = micros_;
    std::ranges::sort(sorted);
    if (sorted.empty() && refused_ == 0) throw std::runtime_error{"nothing was answered"};
    if (sorted.empty()) sorted.push_back(0);
    const auto quantile_ms = [&](double share) {
        const auto last = static_cast<double>(sorted.size() - 1);
        return sorted[static_cast<std::size_t>(share * last)] / 1000;
    };
    const auto seconds = std::chrono::duration<double>{last_answer_ - began_}.count();
    const auto ok = micros_.size() - failed_;
    std::printf(
        R"({"ok":%zu,"failed":%zu,"refused":%zu,"seconds":%.3f,"per_second":%.1f,)"
        R"("p50_ms":%.3f,"p99_ms":%.3f,"max_ms":%.3f,"sender_cpu_s":%.3f})"
        "\n",
        ok, failed_, refused_, seconds, static_cast<double>(ok) / seconds, quantile_ms(0.5),
        quantile_ms(0.99), sorted.back() / 1000, cpu_s_
    );
}

}  // namespace

void send(const Load& load) {
    // A client is a file, and the usual soft limit is a thousand.
    rlimit files{};
    if (::getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &files);
    }
    Sender sender{load};
    sender.run();
    sender.print();
}

}  // namespace payments::bench
