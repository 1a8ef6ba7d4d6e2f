#include "recorder/forward.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/message.h"
#include "protocol/protocol.h"

enum {
	RETRY = 1000, /* ms */
	HEAD_MAX = 512,
	FACILITY = 10, /* authpriv */
	NOTICE = 5,
	INFORMATION = 6,
	OPERATION_MAX = 32,
};

static int connect_to(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	_cleanup_fd_ int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0 || strlen(path) >= sizeof(address.sun_path))
		return -1;
	memcpy(address.sun_path, path, strlen(path) + 1);
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) != 0)
		return -1;
	return fd_take(&fd);
}

void forward_open(struct forward *forward, const struct settings *settings)
{
	*forward = (struct forward){
		.settings = settings, .socket = -1, .tried_at = -RETRY, .told_at = event_ticks()};
}

/* The value of a member that is a string without escapes: a line is JSON of our own making. */
static int value_of(const char *line, size_t length, const char *mark, char *value, size_t room)
{
	const char *start = memmem(line, length, mark, strlen(mark)), *end;

	value[0] = '\0';
	if (start == NULL)
		return 0;
	start += strlen(mark);
	end = memchr(start, '"', length - (size_t)(start - line));
	if (end == NULL || (size_t)(end - start) >= room)
		return 0;
	memcpy(value, start, (size_t)(end - start));
	value[end - start] = '\0';
	return (int)(end - start);
}

/* What the log says of itself because of what was dropped is no reason to say it again. */
static bool is_news(const char *line, size_t length)
{
	char operation[OPERATION_MAX];

	(void)value_of(line, length, "\"op\":\"", operation, sizeof(operation));
	return strcmp(operation, "forward") != 0 && strcmp(operation, "sign") != 0;
}

static int level_of(const char *line, size_t length)
{
	return memmem(line, length, ",\"res\":\"failed\"", 15) != NULL ? NOTICE : INFORMATION;
}

static int journal_head(char head[HEAD_MAX], const char *line, size_t length)
{
	char operation[OPERATION_MAX];

	(void)value_of(line, length, "\"op\":\"", operation, sizeof(operation));
	return snprintf(head, HEAD_MAX,
		"PRIORITY=%d\nSYSLOG_FACILITY=%d\nSYSLOG_IDENTIFIER=rolegate\nROLEGATE_OP=%s\n"
		"MESSAGE=",
		level_of(line, length), FACILITY, operation);
}

/* <PRI>1 TIME HOST rolegate PROCID MSGID - */
static int syslog_head(char head[HEAD_MAX], const char *line, size_t length)
{
	char operation[OPERATION_MAX], time[OPERATION_MAX], host[256];

	if (value_of(line, length, "\"op\":\"", operation, sizeof(operation)) == 0)
		(void)snprintf(operation, sizeof(operation), "-");
	if (value_of(line, length, "\"time\":\"", time, sizeof(time)) == 0)
		(void)snprintf(time, sizeof(time), "-");
	if (value_of(line, length, "\"host\":\"", host, sizeof(host)) == 0)
		(void)snprintf(host, sizeof(host), "-");
	return snprintf(head, HEAD_MAX, "<%d>1 %s %s rolegate %d %s - ",
		FACILITY * 8 + level_of(line, length), time, host, (int)getpid(), operation);
}

static int send_line(
	int socket, const char *head, size_t head_length, const char *line, size_t length, bool end)
{
	struct iovec parts[] = {{(void *)(uintptr_t)head, head_length},
		{(void *)(uintptr_t)line, length}, {(void *)(uintptr_t) "\n", end ? 1 : 0}};
	const struct msghdr message = {.msg_iov = parts, .msg_iovlen = 3};
	ssize_t sent;

	do
		sent = sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
	while (sent < 0 && errno == EINTR);
	return sent < 0 ? -1 : 0;
}

static void connect_again(struct forward *forward)
{
	const struct settings *settings = forward->settings;

	if (event_ticks() - forward->tried_at < RETRY)
		return;
	forward->tried_at = event_ticks();
	forward->socket = connect_to(
		settings->forward == FORWARD_JOURNAL ? settings->journal : settings->syslog);
}

void forward_line(void *context, const char *line, size_t length)
{
	struct forward *forward = context;
	bool journal = forward->settings->forward == FORWARD_JOURNAL;
	char head[HEAD_MAX];
	int size;

	if (forward->settings->forward == FORWARD_NONE)
		return;
	if (forward->socket < 0)
		connect_again(forward);
	size = (journal ? journal_head : syslog_head)(head, line, length);
	forward->up = forward->socket >= 0 && size > 0 && size < HEAD_MAX &&
		      send_line(forward->socket, head, (size_t)size, line, length, journal) == 0;
	if (forward->up)
		return;
	forward->dropped++;
	forward->news += is_news(line, length);
	if (errno != EAGAIN && errno != EMSGSIZE)
		fd_close(&forward->socket);
}

static void tell(struct forward *forward, struct ledger *ledger, struct arena *arena)
{
	bool journal = forward->settings->forward == FORWARD_JOURNAL;
	uint64_t dropped = forward->dropped;

	message_warning("%llu lines were not taken at %s", (unsigned long long)dropped,
		journal ? forward->settings->journal : forward->settings->syslog);
	forward->dropped = forward->news = 0;
	forward->told_at = event_ticks();
	(void)ledger_note(ledger, arena,
		ledger_event(arena, "forward", "{s:I,s:s}", "dropped", (json_int_t)dropped, "res",
			"failed"));
}

void forward_tick(struct forward *forward, struct ledger *ledger, struct arena *arena)
{
	long long patience = (long long)forward->settings->anchor_interval * 1000;

	if ((forward->up && forward->dropped > 0) ||
		(forward->news > 0 && event_ticks() - forward->told_at >= patience))
		tell(forward, ledger, arena);
}

void forward_stop(struct forward *forward, struct ledger *ledger, struct arena *arena)
{
	if (forward->news > 0)
		tell(forward, ledger, arena);
}

void forward_anchor(const struct settings *settings, const char *text)
{
	_cleanup_fd_ int fd = connect_to(settings->journal);
	static const char journal[] = "PRIORITY=6\nSYSLOG_FACILITY=10\nSYSLOG_IDENTIFIER=rolegate\n"
				      "ROLEGATE_OP=log-head\nMESSAGE=";
	/* A socket that takes RFC 5424 takes nothing else; what /dev/log is, takes this. */
	const char *syslog = settings->forward == FORWARD_SYSLOG
				     ? "<86>1 - - rolegate - log-head - "
				     : "<86>rolegate: ";

	if (fd >= 0 && send_line(fd, journal, sizeof(journal) - 1, text, strlen(text), true) == 0)
		return;
	fd_close(&fd);
	fd = connect_to(settings->syslog);
	if (fd >= 0)
		(void)send_line(fd, syslog, strlen(syslog), text, strlen(text), false);
}
