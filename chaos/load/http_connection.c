/* http_connection.c - see http_connection.h. */
#include "chaos/load/http_connection.h"
#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <unistd.h>

void conversation_drop(struct conversation *conversation)
{
    ev_io_stop(conversation->owner->loop, &conversation->watcher);
    close(conversation->fd);
    conversation->fd = -1;
    conversation->owner->on_gone(conversation);
}

static void end(struct conversation *conversation, enum outcome outcome)
{
    conversation->outcome = outcome;
    conversation->owner->on_outcome(conversation, outcome);
}

static void end_badly(struct conversation *conversation, enum outcome outcome)
{
    end(conversation, outcome);
    conversation_drop(conversation);
}

static void watch(struct conversation *conversation, int events)
{
    struct ev_loop *loop = conversation->owner->loop;

    if (ev_is_active(&conversation->watcher) &&
        (conversation->watcher.events & (EV_READ | EV_WRITE)) == events)
        return;
    ev_io_stop(loop, &conversation->watcher);
    ev_io_set(&conversation->watcher, conversation->fd, events);
    ev_io_start(loop, &conversation->watcher);
}

/* What is to be sent next: the rest of the head, and some of the body. */
static ssize_t send_some(const struct conversation *conversation,
                         uint64_t *whole)
{
    const struct request *request = &conversation->request;
    const struct question *question = request->question;
    char text[QUESTION_MAX];
    size_t head =
        question_write(question, request->number, request->last, text);
    struct iovec parts[2] = { { .iov_base = text, .iov_len = 0 } };
    struct msghdr message = { .msg_iov = parts, .msg_iovlen = 1 };
    uint64_t body = 0;

    *whole = head + question->body_bytes;
    if (conversation->sent < head) {
        parts[0].iov_base = text + conversation->sent;
        parts[0].iov_len = head - conversation->sent;
    } else {
        body = conversation->sent - head;
    }
    if (body < question->body_bytes) {
        union {
            const char *ours;
            char *for_sending;
        } bytes;

        bytes.ours =
            question_body(body, question->body_bytes - body, &parts[1].iov_len);
        parts[1].iov_base = bytes.for_sending;
        message.msg_iovlen = 2;
    }
    return sendmsg(conversation->fd, &message, MSG_NOSIGNAL);
}

/*
 * Sends what is left of the request.  A failure decides nothing: the server
 * may have answered before it closed, and what it said is still to be read.
 */
static void send_rest(struct conversation *conversation)
{
    uint64_t whole;
    ssize_t sent = send_some(conversation, &whole);

    if (sent > 0)
        conversation->sent += (uint64_t)sent;
    if (sent < 0 && errno == ECONNRESET)
        conversation->reset = true;
    watch(conversation, (sent >= 0 && conversation->sent < whole) ||
                                (sent < 0 && errno == EAGAIN)
                            ? EV_READ | EV_WRITE
                            : EV_READ);
}

static void ask(struct conversation *conversation)
{
    conversation->state = CONVERSATION_WAITING;
    conversation->sent = 0;
    answer_begin(&conversation->answer, conversation->owner->check,
                 conversation->request.question, conversation->request.number);
    send_rest(conversation);
}

void conversation_ask(struct conversation *conversation,
                      const struct request *request)
{
    assert(conversation->state == CONVERSATION_IDLE);
    conversation->request = *request;
    ask(conversation);
}

/* The answer is there; `extra` bytes came behind it. */
static void finish(struct conversation *conversation, bool extra)
{
    enum outcome outcome = answer_judge(&conversation->answer);

    if (extra && outcome == OUTCOME_OK)
        outcome = OUTCOME_EXTRA;
    conversation->answers++;
    if (extra) {
        end_badly(conversation, outcome);
        return;
    }
    if (conversation->answer.keeps_connection && !conversation->request.last) {
        conversation->state = CONVERSATION_IDLE;
        end(conversation, outcome);
        conversation->owner->on_idle(conversation);
    } else {
        conversation->state = CONVERSATION_PARTING;
        end(conversation, outcome);
        conversation->owner->on_parting(conversation);
    }
}

/* How a request ends whose connection ended under it. */
static enum outcome outcome_of_end(const struct conversation *conversation,
                                   bool by_reset)
{
    if (conversation->state == CONVERSATION_MIDDLE)
        return OUTCOME_TRUNCATED;
    if (by_reset)
        return OUTCOME_RESET;
    return conversation->answers > 0 ? OUTCOME_CLOSED_ON_REUSE : OUTCOME_CLOSED;
}

static void on_end(struct conversation *conversation, bool by_reset)
{
    if (conversation->state == CONVERSATION_MIDDLE && !by_reset &&
        answer_close(&conversation->answer) == ANSWER_WHOLE) {
        conversation->answers++;
        end_badly(conversation, answer_judge(&conversation->answer));
        return;
    }
    end_badly(conversation, outcome_of_end(conversation, by_reset));
}

static void on_answer_bytes(struct conversation *conversation, size_t count)
{
    size_t used;

    conversation->state = CONVERSATION_MIDDLE;
    switch (answer_feed(&conversation->answer, conversation->owner->buffer,
                        count, &used)) {
    case ANSWER_UNFINISHED:
        break;
    case ANSWER_WHOLE:
        finish(conversation, used < count);
        break;
    case ANSWER_MALFORMED:
        end_badly(conversation, OUTCOME_MALFORMED);
        break;
    }
}

static void on_readable(struct conversation *conversation)
{
    const struct conversation_owner *owner = conversation->owner;
    bool in_hand = conversation->state == CONVERSATION_WAITING ||
                   conversation->state == CONVERSATION_MIDDLE;
    ssize_t count =
        recv(conversation->fd, owner->buffer, owner->buffer_bytes, 0);

    if (count < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (in_hand && count > 0) {
        on_answer_bytes(conversation, (size_t)count);
    } else if (in_hand) {
        on_end(conversation, count < 0 || conversation->reset);
    } else {
        if (count > 0)
            owner->on_stray(conversation);
        conversation_drop(conversation);
    }
}

static void on_connected(struct conversation *conversation, int error)
{
    if (error == 0)
        ask(conversation);
    else if (error == ECONNRESET)
        end_badly(conversation, OUTCOME_RESET);
    else if (error == ETIMEDOUT)
        end_badly(conversation, OUTCOME_TIMEOUT_CONNECTING);
    else
        end_badly(conversation, OUTCOME_REFUSED);
}

static void on_event(struct ev_loop *loop, ev_io *watcher, int revents)
{
    struct conversation *conversation = watcher->data;
    int error = 0;
    socklen_t length = sizeof(error);

    (void)loop;
    if (conversation->state == CONVERSATION_CONNECTING) {
        getsockopt(conversation->fd, SOL_SOCKET, SO_ERROR, &error, &length);
        on_connected(conversation, error);
        return;
    }
    if (revents & EV_READ)
        on_readable(conversation);
    else
        send_rest(conversation);
}

int conversation_open(struct conversation *conversation,
                      const struct conversation_owner *owner,
                      const struct request *request)
{
    int one = 1;
    int fd = socket(owner->address->sa_family,
                    SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return -1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    *conversation = (struct conversation){
        .owner = owner,
        .state = CONVERSATION_CONNECTING,
        .fd = fd,
        .request = *request,
        .previous = conversation->previous,
        .next = conversation->next,
    };
    ev_io_init(&conversation->watcher, on_event, fd, EV_WRITE);
    conversation->watcher.data = conversation;
    if (connect(fd, owner->address, owner->address_length) == 0) {
        on_connected(conversation, 0);
        return 0;
    }
    if (errno == EADDRNOTAVAIL || errno == EAGAIN) {
        close(fd);
        return -1;
    }
    if (errno == EINPROGRESS)
        watch(conversation, EV_WRITE);
    else
        on_connected(conversation, errno);
    return 0;
}

void conversation_expire(struct conversation *conversation)
{
    switch (conversation->state) {
    case CONVERSATION_CONNECTING:
        end_badly(conversation, OUTCOME_TIMEOUT_CONNECTING);
        break;
    case CONVERSATION_WAITING:
        end_badly(conversation, OUTCOME_TIMEOUT_WAITING);
        break;
    case CONVERSATION_MIDDLE:
        end_badly(conversation, OUTCOME_TIMEOUT_MIDDLE);
        break;
    case CONVERSATION_IDLE:
    case CONVERSATION_PARTING:
        conversation_drop(conversation);
        break;
    }
}

bool conversation_possible(const struct sockaddr *address, socklen_t length)
{
    const struct timeval patience = { .tv_sec = 1 };
    int fd = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool possible;

    if (fd < 0)
        return false;
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
    possible = connect(fd, address, length) == 0;
    close(fd);
    return possible;
}
