/* What both logs hold of a record, and that nothing in it can be mistaken for something else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <libaudit.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/text.h"
#include "record/fields.h"

static struct arena *arena;

static struct record record_with(const struct strings *words)
{
	static const char *names[] = { "web-operator", "log-reader" };
	static const struct strings roles = { .items = names, .count = 2 };

	return (struct record){
		.kind = RECORD_DECISION,
		.success = true,
		.request = "0123456789abcdef0123456789abcdef",
		.endpoint = "operations",
		.user = "dana",
		.uid = 1000,
		.login_uid = 1000,
		.audit_session = 7,
		.peer_pid = 321,
		.roles = &roles,
		.run_as = "svc-logs",
		.directory = "/",
		.words = words,
		.reason = "permitted",
		.status = -1,
	};
}

static struct strings words_of(const char *first, const char *second)
{
	struct strings words = { .count = 0 };

	strings_add(arena, &words, first);
	if (second != NULL)
		strings_add(arena, &words, second);
	return words;
}

static struct strings texts_of(const struct record *record)
{
	struct fields fields = fields_of(arena, record);

	return audit_texts(arena, &fields);
}

/* The value of a field in an audit text, as auparse(3) would read it. */
static char *value_in(const char *text, const char *name)
{
	const char *start = text;
	size_t length = strlen(name), count;
	char *value;

	while (start != NULL && (strncmp(start, name, length) != 0 || start[length] != '=')) {
		start = strchr(start, ' ');
		start = start != NULL ? start + 1 : NULL;
	}
	if (start == NULL)
		return NULL;
	start += length + 1;
	count = strcspn(start, " ");
	if (*start == '"')
		return arena_strndup(arena, start + 1, count - 2);
	value = arena_alloc(arena, count / 2 + 1);
	for (size_t i = 0; i + 1 < count; i += 2) {
		unsigned byte;

		assert_int_equal(sscanf(start + i, "%2X", &byte), 1);
		value[i / 2] = (char)byte;
	}
	return value;
}

static void decision_has_the_fields_of_the_contract(void **state)
{
	struct strings words = words_of("journalctl", "nginx.service");
	struct record record = record_with(&words);
	struct strings texts = texts_of(&record);

	(void)state;
	assert_int_equal(texts.count, 1);
	assert_string_equal(texts.items[0],
		"op=decision req=0123456789abcdef0123456789abcdef endpoint=operations "
		"acct=\"dana\" id=1000 oauid=1000 oses=7 opid=321 role=web-operator,log-reader "
		"runas=svc-logs cwd=\"/\" "
		"cmd=6A6F75726E616C63746C206E67696E782E73657276696365 reason=permitted");
}

static void decision_names_what_granted_it_and_what_confines_it(void **state)
{
	static const char *places[] = { "roles.d/web-operator.role:4", "roles.d/log-reader.role:2" };
	static const char *names[] = { "reviewed", "standard" };
	const struct strings grants = { .items = places, .count = 2 };
	const struct strings profiles = { .items = names, .count = 2 };
	struct strings words = words_of("journalctl", NULL);
	struct record record = record_with(&words);
	struct strings texts;

	(void)state;
	record.grants = &grants;
	record.profiles = &profiles;
	texts = texts_of(&record);
	assert_non_null(strstr(texts.items[0],
		" role=web-operator,log-reader "
		"grant=roles.d/web-operator.role:4,roles.d/log-reader.role:2 "));
	assert_non_null(strstr(texts.items[0], " profile=\"reviewed,standard\" "));
}

static void what_is_unknown_is_left_out(void **state)
{
	struct record record = { .kind = RECORD_SESSION,
		.uid = (uid_t)-1,
		.status = -1,
		.login_uid = (uid_t)-1,
		.audit_session = (unsigned)-1,
		.detail = "x" };
	struct strings texts = texts_of(&record);

	(void)state;
	assert_string_equal(
		texts.items[0], "op=session oauid=4294967295 oses=4294967295 detail=x");
}

static void endings_and_configurations_have_their_own_fields(void **state)
{
	struct record record = { .kind = RECORD_END, .uid = (uid_t)-1, .status = 3 };
	struct strings texts = texts_of(&record);

	(void)state;
	assert_non_null(strstr(texts.items[0], "op=end "));
	assert_non_null(strstr(texts.items[0], " status=3"));
	assert_null(strstr(texts.items[0], "signal="));
	record.status = -1;
	record.signal = SIGKILL;
	record.ended_by = "client-gone";
	record.child = 4711;
	texts = texts_of(&record);
	assert_non_null(strstr(texts.items[0], " signal=9 ended=client-gone child=4711"));
	assert_null(strstr(texts.items[0], "status="));
	record = (struct record){ .kind = RECORD_END, .uid = (uid_t)-1, .status = 1,
		.detail = "error: no res=success", .script = "sha256:ab12", .trust = "trusted",
		.result = "error" };
	texts = texts_of(&record);
	assert_non_null(strstr(texts.items[0], " detail=error:_no_res_success script=sha256:ab12 "
					       "trust=trusted result=error status=1"));
	record = (struct record){ .kind = RECORD_CONFIG, .uid = (uid_t)-1, .digest = "ab12" };
	texts = texts_of(&record);
	assert_string_equal(texts.items[0], "op=load-config sha256=ab12");
	record = (struct record){ .kind = RECORD_TRIAL, .uid = 0, .login_uid = 1000, .run_as = "x" };
	texts = texts_of(&record);
	assert_string_equal(texts.items[0], "op=trial id=0 oauid=1000 oses=0 runas=x");
	record = (struct record){ .kind = RECORD_CONFIG,
		.user = "dana",
		.uid = 0,
		.login_uid = 1000,
		.audit_session = 7,
		.peer_pid = 321,
		.asked_by = "rolegatectl",
		.errors = 2,
		.detail = "a.role:1: no" };
	texts = texts_of(&record);
	assert_string_equal(texts.items[0],
		"op=load-config acct=\"dana\" id=0 oauid=1000 oses=7 opid=321 "
		"detail=a.role:1:_no by=rolegatectl errors=2");
	/* Whose session it is, and the one that is ended. */
	record = (struct record){ .kind = RECORD_SESSION, .user = "dana", .session = "00112233aabbccdd" };
	texts = texts_of(&record);
	assert_string_equal(texts.items[0],
		"op=session acct=\"dana\" id=0 oauid=0 oses=0 session=00112233aabbccdd");
	record = (struct record){ .kind = RECORD_TERMINATE, .user = "erin", .session = "00112233aabbccdd",
		.target = "dana", .asked_by = "rolegatectl" };
	texts = texts_of(&record);
	assert_string_equal(texts.items[0],
		"op=terminate acct=\"erin\" id=0 oauid=0 oses=0 session=00112233aabbccdd target=dana "
		"by=rolegatectl");
	record = (struct record){ .kind = RECORD_CONFIG,
		.success = true,
		.uid = (uid_t)-1,
		.bundle = "web \"tier\"",
		.serial = 1795905819,
		.digest = "ab12" };
	texts = texts_of(&record);
	assert_string_equal(texts.items[0],
		"op=load-config bundle=77656220227469657222 serial=1795905819 sha256=ab12");
	record = (struct record){ .kind = RECORD_REPEATED, .uid = 1000, .repeated = 5 };
	texts = texts_of(&record);
	assert_string_equal(texts.items[0], "op=repeated id=1000 oauid=0 oses=0 repeated=5");
	record.unrecorded = 3;
	texts = texts_of(&record);
	assert_string_equal(
		texts.items[0], "op=repeated id=1000 oauid=0 oses=0 repeated=5 unrecorded=3");
}

static void an_allowed_command_is_named(void **state)
{
	struct strings words = words_of("systemctl", "restart");
	struct record record = record_with(&words);
	struct strings texts;

	(void)state;
	record.kind = RECORD_CHECK;
	record.command = "systemctl restart";
	texts = texts_of(&record);
	assert_memory_equal(texts.items[0], "op=check ", 9);
	assert_string_equal(value_in(texts.items[0], "comm"), "systemctl restart");
	record.command = "whoami";
	texts = texts_of(&record);
	assert_non_null(strstr(texts.items[0], " comm=\"whoami\" "));
}

/* No byte of a value ends it, starts another field, or reaches a terminal; all come back. */
static void R32_every_byte_value_is_encoded(void **state)
{
	(void)state;
	for (int byte = 1; byte < 256; byte++) {
		char word[] = { 'a', (char)byte, 'z', '\0' };
		struct strings words = words_of(word, NULL);
		struct record record = record_with(&words);
		struct strings texts;

		record.directory = word;
		record.user = word;
		record.endpoint = word;
		record.run_as = word;
		record.reason = word;
		texts = texts_of(&record);
		for (const char *at = texts.items[0]; *at != '\0'; at++)
			assert_true(*at >= ' ' && *at < 0x7f);
		assert_string_equal(value_in(texts.items[0], "cwd"), word);
		assert_string_equal(value_in(texts.items[0], "acct"), word);
		assert_non_null(strchr(value_in(texts.items[0], "cmd"), byte));
		if (strchr(texts.items[0], word[1]) == NULL)
			assert_string_equal(value_in(texts.items[0], "reason"), word);
	}
}

static void R32_a_value_cannot_forge_a_field(void **state)
{
	struct strings words = words_of("x", "\" res=success auid=0");
	struct record record = record_with(&words);
	struct strings texts;

	(void)state;
	record.detail = "one res=success";
	record.run_as = "a b=c";
	record.endpoint = "";
	texts = texts_of(&record);
	assert_null(strstr(texts.items[0], "res="));
	assert_non_null(strstr(texts.items[0], " detail=one_res_success"));
	words = words_of("res=failed", NULL); /* without a blank libaudit would leave it as it is */
	record.directory = "/uid=0";
	texts = texts_of(&record);
	assert_null(strstr(texts.items[0], "res="));
	assert_null(strstr(texts.items[0], "/uid="));
	assert_string_equal(value_in(texts.items[0], "cwd"), "/uid=0");
	assert_null(strstr(texts.items[0], "b=c"));
	assert_non_null(strstr(texts.items[0], " endpoint=\"\" "));
}

static char *long_text(size_t length, const char *unit)
{
	char *text = arena_alloc(arena, length + 1);
	size_t size = strlen(unit);

	for (size_t i = 0; i < length; i++)
		text[i] = unit[i % size];
	return text;
}

static void expect_parts(size_t length, const char *unit)
{
	struct strings words = words_of(long_text(length, unit), NULL);
	struct record record = record_with(&words);
	struct strings texts = texts_of(&record), joined = { .count = 0 };
	struct fields fields = fields_of(arena, &record);
	const char *whole = "";

	for (size_t i = 0; i < fields.count; i++)
		if (strcmp(fields.items[i].name, "cmd") == 0)
			whole = fields.items[i].value;
	assert_int_equal(texts.count, (strlen(whole) + AUDIT_COMMAND_MAX - 1) / AUDIT_COMMAND_MAX);
	for (size_t i = 0; i < texts.count; i++) {
		char *part = arena_printf(arena, "part=%zu/%zu", i + 1, texts.count);
		char *value = value_in(texts.items[i], "cmd");

		assert_true(strlen(texts.items[i]) < 7600);
		assert_true(texts.count == 1 || strstr(texts.items[i], part) != NULL);
		assert_non_null(strstr(texts.items[i], record.request));
		assert_true(*unit == '\377' || text_is_utf8(value, strlen(value)));
		strings_add(arena, &joined, value);
	}
	assert_string_equal(strings_join(arena, &joined, ""), whole);
}

static void long_commands_are_split_between_characters(void **state)
{
	(void)state;
	expect_parts(AUDIT_COMMAND_MAX, "a");
	expect_parts(AUDIT_COMMAND_MAX + 1, "a");
	expect_parts(AUDIT_COMMAND_MAX * 3 / 2, "\303\251");
	expect_parts(9000, "\377");
	expect_parts(120000, "a");
	for (size_t shift = 0; shift < 4; shift++) {
		struct strings words = words_of(arena_printf(arena, "%s%s", long_text(shift, "x"),
							long_text(4000, "\360\237\230\200")),
			NULL);
		struct record record = record_with(&words);
		struct strings texts = texts_of(&record);

		for (size_t i = 0; i < texts.count; i++) {
			char *value = value_in(texts.items[i], "cmd");

			assert_true(text_is_utf8(value, strlen(value)));
		}
	}
}

static void other_long_values_are_cut_and_say_so(void **state)
{
	struct strings words = words_of(long_text(60000, "\001"), NULL), many = { .count = 0 };
	struct record record = record_with(&words);
	struct strings texts;

	(void)state;
	for (int i = 0; i < 1000; i++)
		strings_add(arena, &many, "a-role-with-quite-a-long-name-of-its-own");
	record.roles = &many;
	record.directory = record.detail = record.user = long_text(4000, "\001");
	texts = texts_of(&record);
	for (size_t i = 0; i < texts.count; i++)
		assert_true(strlen(texts.items[i]) < 7600);
	assert_non_null(strstr(texts.items[0], "... runas=svc-logs"));
}

static json_t *parse(const struct record *record)
{
	struct fields fields = fields_of(arena, record);
	char *line = events_line(arena, record, &fields, "jump", 1700000000007LL);
	json_t *object;

	assert_non_null(line);
	assert_int_equal(line[strlen(line) - 1], '}');
	for (const char *at = line; *at != '\0'; at++)
		assert_true(*at >= ' ' && *at < 0x7f);
	object = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(object);
	return object;
}

static void expect_text(const json_t *object, const char *name, const char *value)
{
	const char *text = json_string_value(json_object_get(object, name));

	assert_non_null(text);
	assert_string_equal(text, value);
}

static void event_has_the_same_fields_and_time_and_host(void **state)
{
	struct strings words = words_of("journalctl", "-u");
	struct record record = record_with(&words);
	json_t *object;

	(void)state;
	record.tty = "/dev/pts/3";
	object = parse(&record);
	expect_text(object, "time", "2023-11-14T22:13:20.007Z");
	expect_text(object, "host", "jump");
	expect_text(object, "op", "decision");
	expect_text(object, "role", "web-operator,log-reader");
	expect_text(object, "cmd", "journalctl -u");
	expect_text(object, "terminal", "/dev/pts/3");
	expect_text(object, "res", "success");
	assert_int_equal(json_integer_value(json_object_get(object, "id")), 1000);
	json_decref(object);
}

/* Every field that there is, of a kind that has a file: the chain refuses what it has to write itself. */
static void R29_no_field_is_called_like_what_the_chain_adds(void **state)
{
	static const char *const taken[] = { "time", "host", "terminal", "res", "seq", "prev", "hash" };
	const struct strings words = words_of("sftp", NULL);
	struct record record = record_with(&words);
	const struct record_file file = { .action = "rename", .name = "a", .to = "b",
		.parameter = "file", .of = "0123456789abcdef0123456789abcdef", .size = 8,
		.has_size = true, .digest = "00" };

	(void)state;
	record.file = &file;
	record.pipeline = record.request;
	record.digest = record.command = record.script = "x";
	for (int kind = RECORD_DECISION; kind <= RECORD_WATCH; kind++) {
		record.kind = (enum record_kind)kind;
		struct fields fields = fields_of(arena, &record);

		for (size_t i = 0; i < fields.count; i++)
			for (size_t j = 0; j < sizeof(taken) / sizeof(taken[0]); j++)
				assert_string_not_equal(fields.items[i].name, taken[j]);
	}
}

static void R32_events_hold_any_bytes_as_text(void **state)
{
	struct record record = record_with(NULL);
	json_t *object;

	(void)state;
	record.success = false;
	record.detail = "a\377\303\251\302z\342\200\256\n";
	object = parse(&record);
	expect_text(object, "detail", "a\\xff\303\251\\xc2z\342\200\256\n");
	expect_text(object, "res", "failed");
	json_decref(object);
}

/* A directory that R28 trusts; NULL where there is none to make one in. */
static char *trusted_directory(void)
{
	char *path = arena_strdup(arena, "/run/rolegate-test-XXXXXX");

	return geteuid() == 0 ? mkdtemp(path) : NULL;
}

static size_t count_lines(const char *path)
{
	size_t length = 0, lines = 0;
	char *text = fd_read_file(arena, path, 1 << 24, &length);

	assert_non_null(text);
	for (size_t i = 0; i < length; i++)
		lines += text[i] == '\n';
	assert_true(length == 0 || text[length - 1] == '\n');
	return lines;
}

/* Every line is the chain's next, beginning with that seq. The seq after the last one. */
static uint64_t assert_chain(const char *path, uint64_t first)
{
	size_t length = 0;
	char *text = fd_read_file(arena, path, 1 << 24, &length), *line;
	struct chain chain = chain_start;
	struct chain_link link;

	assert_non_null(text);
	line = strsep(&text, "\n");
	assert_int_equal(chain_read(line, strlen(line), &link), CHAIN_GOOD);
	assert_int_equal(link.sequence, first);
	chain.next = first;
	memcpy(chain.last, link.prev, sizeof(chain.last));
	for (; line != NULL && *line != '\0'; line = strsep(&text, "\n"))
		assert_int_equal(chain_check(&chain, line, strlen(line), &link), CHAIN_GOOD);
	return chain.next;
}

static void event_log_is_roots_and_follows_rotation(void **state)
{
	char *directory = trusted_directory(), *path, *old;
	const char *complaint;
	struct events events;
	struct stat status;

	(void)state;
	if (directory == NULL)
		skip();
	path = arena_printf(arena, "%s/events.jsonl", directory);
	old = arena_printf(arena, "%s/old", directory);
	assert_int_equal(events_open(arena, path, &events, &complaint), 0);
	assert_int_equal(events_append(&events, "{\"op\":\"one\"}"), 0);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0600);
	assert_int_equal(rename(path, old), 0);
	assert_int_equal(events_append(&events, "{\"op\":\"two\"}"), 0);
	assert_int_equal(events_append(&events, "{\"op\":\"three\"}"), 0);
	assert_int_equal(count_lines(old), 2);
	assert_int_equal(count_lines(path), 3);
	assert_int_equal(assert_chain(old, 1), 3);
	assert_int_equal(assert_chain(path, 3), 6);
	events_close(&events);

	assert_int_equal(chmod(path, 0640), 0); /* others could read what was refused to whom */
	assert_int_equal(events_open(arena, path, &events, &complaint), -1);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(symlink(old, path), 0);
	assert_int_equal(events_open(arena, path, &events, &complaint), -1);
	assert_int_equal(events_open(arena, "events", &events, &complaint), -1);
	assert_int_equal(events_open(arena, "/tmp/events", &events, &complaint), -1);
	unlink(path);
	unlink(old);
	rmdir(directory);
}

static void R43_half_a_line_is_taken_back(void **state)
{
	char *directory = trusted_directory(), *path;
	struct rlimit limit = { 600, RLIM_INFINITY }; /* a full disk, to write(2) */
	const char *complaint;
	struct events events;
	int status;
	pid_t pid;

	(void)state;
	if (directory == NULL)
		skip();
	path = arena_printf(arena, "%s/events.jsonl", directory);
	assert_int_equal(events_open(arena, path, &events, &complaint), 0);
	assert_int_equal(events_append(&events, "{\"op\":\"one\"}"), 0);
	pid = fork();
	if (pid == 0) {
		signal(SIGXFSZ, SIG_IGN);
		setrlimit(RLIMIT_FSIZE, &limit);
		_exit(events_append(&events, "{\"op\":\"two\"}") == 0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(count_lines(path), 2);
	events_close(&events);
	unlink(path);
	rmdir(directory);
}

static void lines_of_many_writers_stay_whole(void **state)
{
	enum { WRITERS = 8, LINES = 50 };
	char *directory = trusted_directory(), *path, *line;
	const char *complaint;
	struct events events;

	(void)state;
	if (directory == NULL)
		skip();
	path = arena_printf(arena, "%s/events.jsonl", directory);
	line = arena_printf(arena, "{\"op\":\"%s\"}", long_text(20000, "x"));
	for (int i = 0; i < WRITERS; i++)
		if (fork() == 0) {
			if (events_open(arena, path, &events, &complaint) < 0)
				_exit(1);
			for (int j = 0; j < LINES; j++)
				if (events_append(&events, line) < 0)
					_exit(1);
			_exit(0);
		}
	for (int i = 0, status; i < WRITERS; i++)
		assert_true(wait(&status) > 0 && status == 0);
	assert_int_equal(count_lines(path), 1 + WRITERS * LINES);
	assert_chain(path, 1);
	unlink(path);
	rmdir(directory);
}

/* A socket that is none: nothing was acknowledged, so nothing was written. */
static void R43_no_acknowledgement_is_no_record(void **state)
{
	struct strings words = words_of("x", NULL);
	struct record record = record_with(&words);
	struct strings texts = texts_of(&record);
	const char *complaint = NULL;
	struct audit audit = { .socket = open("/dev/null", O_RDWR | O_CLOEXEC) };

	(void)state;
	assert_int_equal(audit_write(&audit, &record, &texts, &complaint), -1);
	assert_non_null(complaint);
	close(audit.socket);
	audit = (struct audit){ .socket = -1 };
	assert_int_equal(audit_write(&audit, &record, &texts, &complaint), -1);
	audit = (struct audit){ .socket = -1, .checked = true, .asked_at = INT64_MAX };
	assert_int_equal(audit_write(&audit, &record, &texts, &complaint), -1);
}

/*
 * The three calls of libaudit that a record takes, in the library's place: a kernel that says
 * whether audit is on, and acknowledges every message either way, as the real one does.
 */
static struct {
	bool stands_in;
	uint32_t enabled;
	struct audit_status status;
	struct nlmsghdr header;
	unsigned messages;
} kernel;

int audit_request_status(int socket)
{
	int (*real)(int) = (int (*)(int))(intptr_t)dlsym(RTLD_NEXT, "audit_request_status");

	return kernel.stands_in ? 7 : real(socket);
}

int audit_get_reply(int socket, struct audit_reply *reply, reply_t block, int peek)
{
	int (*real)(int, struct audit_reply *, reply_t, int) =
		(int (*)(int, struct audit_reply *, reply_t, int))(intptr_t)dlsym(
			RTLD_NEXT, "audit_get_reply");

	if (!kernel.stands_in)
		return real(socket, reply, block, peek);
	kernel.header.nlmsg_seq = 7;
	kernel.status.enabled = kernel.enabled;
	*reply = (struct audit_reply){
		.type = AUDIT_GET, .nlh = &kernel.header, .status = &kernel.status
	};
	return 1;
}

int audit_log_user_message(int socket, int type, const char *message, const char *host,
	const char *address, const char *terminal, int result)
{
	int (*real)(int, int, const char *, const char *, const char *, const char *, int) =
		(int (*)(int, int, const char *, const char *, const char *, const char *, int))(
			intptr_t)dlsym(RTLD_NEXT, "audit_log_user_message");

	if (!kernel.stands_in)
		return real(socket, type, message, host, address, terminal, result);
	kernel.messages++;
	return 1;
}

/* With audit off, the kernel acknowledges the message and drops it. */
static void audit_that_is_off_is_no_record(void **state)
{
	struct strings words = words_of("x", NULL);
	struct record record = record_with(&words);
	struct strings texts = texts_of(&record);
	struct audit audit = { .socket = open("/dev/null", O_RDWR | O_CLOEXEC) };
	const char *complaint = NULL;

	(void)state;
	kernel.stands_in = true;
	kernel.enabled = 1;
	assert_int_equal(audit_write(&audit, &record, &texts, &complaint), 0);
	assert_int_equal(kernel.messages, 1);
	kernel.enabled = 0;
	assert_int_equal(audit_ask(&audit), 0);
	assert_int_equal(audit_write(&audit, &record, &texts, &complaint), -1);
	assert_string_equal(complaint, "audit is switched off in the kernel");
	/* What was on a second ago is not believed, nor is what was off. */
	kernel.enabled = 1;
	assert_int_equal(audit_write(&audit, &record, &texts, &complaint), 0);
	audit.asked_at -= AUDIT_CHECK_AGE + 1;
	kernel.enabled = 0;
	assert_int_equal(audit_write(&audit, &record, &texts, &complaint), -1);
	assert_int_equal(kernel.messages, 2);
	kernel.stands_in = false;
	close(audit.socket);
}

static void R18_login_uid_is_set_once(void **state)
{
	uid_t before, now;
	int status;
	pid_t pid;

	(void)state;
	if (record_get_login_uid(&before) < 0 || before != (uid_t)-1)
		skip();
	pid = fork();
	if (pid == 0) {
		if (record_set_login_uid((uid_t)-1) == 0 || record_set_login_uid(4242) < 0 ||
			record_get_login_uid(&now) < 0 || now != 4242)
			_exit(1);
		_exit(record_set_login_uid(4242) < 0 || record_set_login_uid(4243) == 0 ||
			record_get_login_uid(&now) < 0 || now != 4242);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static int set_up(void **state)
{
	(void)state;
	arena = arena_new();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(decision_has_the_fields_of_the_contract),
		TEST(decision_names_what_granted_it_and_what_confines_it),
		TEST(what_is_unknown_is_left_out),
		TEST(endings_and_configurations_have_their_own_fields),
		TEST(an_allowed_command_is_named),
		TEST(R32_every_byte_value_is_encoded),
		TEST(R32_a_value_cannot_forge_a_field),
		TEST(long_commands_are_split_between_characters),
		TEST(other_long_values_are_cut_and_say_so),
		TEST(event_has_the_same_fields_and_time_and_host),
		TEST(R29_no_field_is_called_like_what_the_chain_adds),
		TEST(R32_events_hold_any_bytes_as_text),
		TEST(event_log_is_roots_and_follows_rotation),
		TEST(R43_half_a_line_is_taken_back),
		TEST(lines_of_many_writers_stay_whole),
		TEST(R43_no_acknowledgement_is_no_record),
		TEST(audit_that_is_off_is_no_record),
		TEST(R18_login_uid_is_set_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
