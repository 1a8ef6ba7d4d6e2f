/*
 * Linux audit by libaudit. Its calls are made to be ignored by programs for which audit is a
 * courtesy: they say success where the kernel drops the message (audit off) or is not there
 * (ECONNREFUSED). So the kernel is asked whether audit is on. It starts a thread to answer, which
 * takes a hundred times as long as a record does: the question is put when a request starts, and
 * the answer is waited for when there is something to record.
 */
#include <errno.h>
#include <libaudit.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "record/fields.h"

enum {
	REPLY_TIMEOUT = 2000, /* ms */
	TEXT_MAX = 7600, /* the kernel keeps 8560 bytes, and libaudit adds exe= and four more */
};

static const char plain_bytes[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				  "0123456789._,:@/+-";

/* Fields that auparse(3) takes for encoded: always in quotes or hexadecimal. */
static bool is_encoded_field(const char *name)
{
	static const char *const names[] = { "acct", "comm", "profile", "cwd", "cmd",
		"path", "file", "to", "param" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

/* `length`, or a little less where that would cut a character of UTF-8. */
static size_t cut_at(const char *bytes, size_t length)
{
	for (size_t back = 0; back < 4 && back < length; back++)
		if (((unsigned char)bytes[length - back] & 0xc0) != 0x80)
			return length - back;
	return length;
}

/* As audit_encode_nv_string() does it, but always. NULL when there was no memory. */
static char *encode_hexadecimal(const char *name, const char *value, unsigned length)
{
	size_t size = strlen(name) + 1;
	char *encoded = malloc(size + 2 * (size_t)length + 1);

	if (encoded == NULL)
		return NULL;
	*(char *)mempcpy(encoded, name, size - 1) = '=';
	(void)audit_encode_value(encoded + size, value, length);
	return encoded;
}

/* ausearch(8) looks for "res=" and the like anywhere in a record: no value may hold one. */
static const char *encode(struct arena *arena, const char *name, const char *value, size_t length)
{
	char *encoded, *copy;

	if (!is_encoded_field(name) && length > 0 && strspn(value, plain_bytes) >= length)
		return arena_printf(arena, "%s=%.*s", name, (int)length, value);
	value = arena_strndup(arena, value, length); /* the library quotes up to the NUL */
	encoded = strchr(value, '=') != NULL
		? encode_hexadecimal(name, value, (unsigned)length)
		: audit_encode_nv_string(name, value, (unsigned)length);
	copy = encoded != NULL ? arena_strdup(arena, encoded) : NULL;
	free(encoded);
	return copy;
}

/* No tool decodes `detail`, so that it is to be read as it is. The event log has its bytes. */
static const char *plain(struct arena *arena, const char *name, const char *value, size_t length)
{
	char *text = arena_strndup(arena, value, length);

	for (char *at = text; *at != '\0'; at++)
		if (strchr(plain_bytes, *at) == NULL)
			*at = '_';
	return arena_printf(arena, "%s=%s", name, text);
}

static const char *encode_cut(struct arena *arena, const struct field *field)
{
	bool detail = strcmp(field->name, "detail") == 0;
	size_t length = strlen(field->value), limit = detail ? AUDIT_DETAIL_MAX : AUDIT_VALUE_MAX;
	const char *value = field->value;

	if (length > limit) {
		length = cut_at(value, limit);
		value = arena_printf(arena, "%.*s...", (int)length, value);
		length += 3;
	}
	return (detail ? plain : encode)(arena, field->name, value, length);
}

static size_t part_length(const char *command)
{
	size_t length = strlen(command);

	return length <= AUDIT_COMMAND_MAX ? length : cut_at(command, AUDIT_COMMAND_MAX);
}

static size_t count_parts(const char *command)
{
	size_t count = 1;

	for (command += part_length(command); *command != '\0'; command += part_length(command))
		count++;
	return count;
}

static const char *command_of(const struct fields *fields)
{
	for (size_t i = 0; i < fields->count; i++)
		if (strcmp(fields->items[i].name, "cmd") == 0)
			return fields->items[i].value;
	return "";
}

/* One text: `command` is the part of cmd= that it holds. NULL when there was no memory. */
static const char *text_of(
	struct arena *arena, const struct fields *fields, const char *command, const char *part)
{
	struct strings items = { .count = 0 };

	for (size_t i = 0; i < fields->count; i++) {
		const struct field *field = &fields->items[i];
		const char *item = strcmp(field->name, "cmd") == 0
			? encode(arena, "cmd", command, part_length(command))
			: encode_cut(arena, field);

		if (item == NULL)
			return NULL;
		strings_add(arena, &items, item);
	}
	if (part != NULL)
		strings_add(arena, &items, part);
	return strings_join(arena, &items, " ");
}

struct strings audit_texts(struct arena *arena, const struct fields *fields)
{
	const char *command = command_of(fields);
	size_t count = count_parts(command);
	struct strings texts = { .count = 0 };

	for (size_t number = 1; number <= count; number++) {
		const char *part =
			count == 1 ? NULL : arena_printf(arena, "part=%zu/%zu", number, count);
		const char *text = text_of(arena, fields, command, part);

		if (text == NULL)
			return (struct strings){ .count = 0 };
		strings_add(arena, &texts, text);
		command += part_length(command);
	}
	return texts;
}

int audit_start(struct audit *audit)
{
	set_aumessage_mode(MSG_QUIET, DBG_NO);
	audit->socket = audit_open();
	if (audit->socket >= 0 || errno == EINVAL || errno == EPROTONOSUPPORT ||
		errno == EAFNOSUPPORT)
		return 0;
	return -1;
}

/* Replies to earlier questions that were given up on are passed over. 0, or -1 and errno. */
static int await_status(int socket, int sequence, struct audit_status *status)
{
	struct pollfd ready = { .fd = socket, .events = POLLIN };
	struct audit_reply reply;
	int result;

	for (;;) {
		int count = poll(&ready, 1, REPLY_TIMEOUT);

		if (count < 0 && errno == EINTR)
			continue;
		if (count == 0)
			errno = ETIMEDOUT;
		if (count <= 0)
			return -1;
		result = audit_get_reply(socket, &reply, GET_REPLY_NONBLOCKING, 0);
		if (result < 0 && result != -EAGAIN) {
			errno = -result;
			return -1;
		}
		if (result > 0 && reply.type == AUDIT_GET &&
			reply.nlh->nlmsg_seq == (unsigned)sequence)
			break;
	}
	*status = *reply.status;
	return 0;
}

/* A name for the record, not a device to look at. "" is "?": libaudit would look for our own. */
static const char *terminal_of(const struct record *record)
{
	const char *tty = record->tty;

	if (tty == NULL || strlen(tty) > 31 || strspn(tty, plain_bytes) != strlen(tty))
		return "?";
	return strncmp(tty, "/dev/", 5) == 0 ? tty + 5 : tty;
}

static int send_text(int socket, const struct record *record, const char *text)
{
	int type = record->kind == RECORD_CONFIG ? AUDIT_USYS_CONFIG : AUDIT_USER_CMD;
	int result;

	if (strlen(text) > TEXT_MAX) {
		errno = EMSGSIZE;
		return -1;
	}
	errno = 0;
	result = audit_log_user_message(
		socket, type, text, NULL, NULL, terminal_of(record), record->success);
	if (result > 0)
		return 0;
	if (errno <= 0)
		errno = result < 0 ? -result : ECONNREFUSED;
	return -1;
}

static int fail(const char **complaint, const char *text)
{
	*complaint = text;
	return -1;
}

static long long now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int audit_ask(struct audit *audit)
{
	int sequence = audit_request_status(audit->socket);

	audit->asked = 0;
	audit->asked_at = now_ms();
	if (sequence > 0) {
		audit->asked = sequence;
		return 0;
	}
	errno = sequence < 0 ? -sequence : ECONNREFUSED;
	return -1;
}

static int take_answer(struct audit *audit, const char **complaint)
{
	struct audit_status status;
	int sequence = audit->asked;

	audit->checked = false;
	audit->asked = 0;
	if (await_status(audit->socket, sequence, &status) < 0)
		return fail(complaint, strerror(errno));
	if (status.enabled == 0)
		return fail(complaint, "audit is switched off in the kernel");
	audit->checked = true;
	audit->rate_limit = status.rate_limit;
	audit->lost = status.lost;
	return 0;
}

static int check_now(struct audit *audit, const char **complaint)
{
	return audit_ask(audit) < 0 ? fail(complaint, strerror(errno))
				    : take_answer(audit, complaint);
}

/* The answer to a question of this request, or, after the first record, one of a second ago. */
static int check(struct audit *audit, const char **complaint)
{
	if (audit->asked != 0)
		return take_answer(audit, complaint);
	if (audit->checked && now_ms() - audit->asked_at < AUDIT_CHECK_AGE)
		return 0;
	return check_now(audit, complaint);
}

int audit_write(struct audit *audit, const struct record *record, const struct strings *texts,
	const char **complaint)
{
	unsigned lost;

	if (check(audit, complaint) < 0)
		return -1;
	/* The one thing that makes the kernel drop what it acknowledged. */
	if (audit->rate_limit != 0 && check_now(audit, complaint) < 0)
		return -1;
	lost = audit->lost;
	if (texts->count == 0)
		return fail(complaint, "no memory");
	for (size_t i = 0; i < texts->count; i++)
		if (send_text(audit->socket, record, texts->items[i]) < 0) {
			audit->checked = false;
			return fail(complaint, strerror(errno));
		}
	if (audit->rate_limit == 0)
		return 0;
	if (check_now(audit, complaint) < 0)
		return -1;
	return audit->lost == lost ? 0 : fail(complaint, "the kernel is losing audit records");
}
