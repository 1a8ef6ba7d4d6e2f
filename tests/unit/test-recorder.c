/* What the recorder writes of what it is told, over its own protocol. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"

#include "recorder-fixture.h"
#include "recorder/transcript.h"

static const char header[] =
	"{\"version\":2,\"width\":80,\"height\":24,\"endpoint\":\"operations\"}";
static const char request[] = "0123456789abcdef0123456789abcdef";
static const char event[] = "{\"op\":\"decision\",\"acct\":\"dana\",\"res\":\"success\"}";

static void an_event_is_taken_and_in_the_chain(void **state)
{
	struct fixture *fixture = *state;
	struct recorder_client client = fixture_connect(fixture);
	struct recorder_answer answer;

	for (uint64_t i = 0; i < 3; i++) {
		assert_int_equal(client_event(&client, event), 0);
		assert_int_equal(client_answer(&client, &answer), 0);
		assert_true(answer.taken);
		assert_int_equal(answer.number, 3 + i); /* after chain and recorder-start */
	}
	client_close(&client);
	fixture_stop(fixture);
	assert_int_equal(fixture_verify(fixture), 6); /* and recorder-stop */
	assert_int_equal(fixture_count(fixture, "\"op\":\"decision\""), 3);
}

static void a_transcript_is_named_counted_and_hashed(void **state)
{
	struct fixture *fixture = *state;
	struct recorder_client client = fixture_connect(fixture);
	struct recorder_answer answer;
	char *text, *line;

	assert_int_equal(client_open(&client, request, 1000, header, 0), 0);
	assert_int_equal(client_answer(&client, &answer), 0);
	assert_true(answer.taken);
	assert_string_equal(answer.text, "transcripts/1000/0123456789abcdef0123456789abcdef.cast");
	assert_int_equal(client_data(&client, 'o', 1500000, "caf\xc3", 4), 0);
	assert_int_equal(client_data(&client, 'o', 1600000, "\xa9\r\n", 3), 0);
	assert_int_equal(client_window(&client, 1700000, 132, 43), 0);
	assert_int_equal(client_data(&client, 'i', 1800000, "\033[A\177", 4), 0);
	assert_int_equal(client_end(&client, 2000000, "end"), 0);
	assert_int_equal(client_answer(&client, &answer), 0);
	assert_true(answer.taken);
	text = fixture_read(fixture, "transcripts/1000/0123456789abcdef0123456789abcdef.cast");
	assert_int_equal(answer.number, strlen(text));
	assert_string_equal(answer.text, fixture_sha256(fixture, text));
	assert_string_equal(text,
		"{\"version\":2,\"width\":80,\"height\":24,\"endpoint\":\"operations\"}\n"
		"[1.500000,\"o\",\"caf\"]\n[1.600000,\"o\",\"\xc3\xa9\\r\\n\"]\n"
		"[1.700000,\"r\",\"132x43\"]\n[1.800000,\"i\",\"\\u001b[A\\u007f\"]\n");
	line = fixture_line(fixture, "\"op\":\"transcript\"");
	assert_non_null(strstr(line, "\"req\":\"0123456789abcdef0123456789abcdef\",\"id\":1000,"));
	assert_non_null(strstr(line, "\"state\":\"end\",\"endpoint\":\"operations\""));
	assert_non_null(strstr(line, answer.text));
	client_close(&client);
	fixture_stop(fixture);
	(void)fixture_verify(fixture);
}

/* Ids and numbers become parts of a path: only what can be nothing else is taken. */
static void R31_R23_what_is_no_id_opens_no_file(void **state)
{
	static const char *const ids[] = {"", ".", "..", "../../../etc/passwd", "/etc/passwd",
		"0123456789abcdef0123456789abcde", "0123456789abcdef0123456789abcdef0",
		"0123456789ABCDEF0123456789abcdef", "0123456789abcdef/123456789abcdef",
		"..23456789abcdef0123456789abcdef", "g123456789abcdef0123456789abcdef",
		"0123456789abcdef0123456789abcde\xff", " 123456789abcdef0123456789abcdef"};
	static const char *const headers[] = {"", "x", "[]", "{}", "{\"version\":1}",
		"{\"version\":2,\"width\":80}", "{\"version\":2,\"width\":80,\"height\":24} x",
		"{\"version\":2,\"width\":-1,\"height\":24}",
		"{\"version\":2,\"width\":80,\"height\":24,\"height\":25}",
		"{\"version\":2,\"width\":80,\"height\":24,\"endpoint\":\"../x\"}"};
	struct fixture *fixture = *state;
	struct recorder_client client = fixture_connect(fixture);
	struct recorder_answer answer;

	for (size_t i = 0; i < sizeof(ids) / sizeof(*ids); i++) {
		assert_int_equal(client_open(&client, ids[i], 1000, header, 0), 0);
		assert_int_equal(client_answer(&client, &answer), 0);
		assert_false(answer.taken);
		assert_int_equal(answer.what, RECORDER_OPEN);
	}
	assert_int_equal(client_open(&client, request, (uint32_t)-1, header, 0), 0);
	assert_int_equal(client_answer(&client, &answer), 0);
	assert_false(answer.taken);
	for (size_t i = 0; i < sizeof(headers) / sizeof(*headers); i++) {
		assert_int_equal(client_open(&client, request, 1000, headers[i], 0), 0);
		assert_int_equal(client_answer(&client, &answer), 0);
		assert_false(answer.taken);
	}
	client_close(&client);
	fixture_stop(fixture);
	assert_int_equal(fixture_count(fixture, "transcript"), 0);
	assert_int_equal(
		rmdir(arena_printf(fixture->arena, "%s/transcripts", fixture->directory)), 0);
}

/* The same request twice, and a link where the file or its folder would be. */
static void R31_a_file_that_is_there_is_not_written_over(void **state)
{
	static const char other[] = "fedcba9876543210fedcba9876543210";
	struct fixture *fixture = *state;
	struct recorder_client client = fixture_connect(fixture);
	struct recorder_answer answer;
	char *folder = arena_printf(fixture->arena, "%s/transcripts/7", fixture->directory);

	assert_int_equal(client_open(&client, request, 1000, header, 0), 0);
	assert_int_equal(client_answer(&client, &answer), 0);
	assert_true(answer.taken);
	assert_int_equal(client_end(&client, 0, "end"), 0);
	assert_int_equal(client_answer(&client, &answer), 0);
	assert_int_equal(client_open(&client, request, 1000, header, 0), 0);
	assert_int_equal(client_answer(&client, &answer), 0);
	assert_false(answer.taken);
	assert_int_equal(symlink("/tmp", folder), 0);
	assert_int_equal(client_open(&client, other, 7, header, 0), 0);
	assert_int_equal(client_answer(&client, &answer), 0);
	assert_false(answer.taken);
	assert_int_equal(unlink(folder), 0);
	assert_int_equal(mkdir(folder, 0700), 0);
	assert_int_equal(
		symlink("/tmp/x", arena_printf(fixture->arena, "%s/%s.cast", folder, other)), 0);
	assert_int_equal(client_open(&client, other, 7, header, 0), 0);
	assert_int_equal(client_answer(&client, &answer), 0);
	assert_false(answer.taken);
	client_close(&client);
}

/* R21, R30: root's process alone, even where the socket's mode lets others connect. */
static void R30_a_peer_that_is_not_root_is_refused(void **state)
{
	struct fixture *fixture = *state;
	struct recorder_client client = fixture_connect(fixture);
	struct recorder_answer answer;
	int status = 0;
	pid_t pid;

	assert_int_equal(chmod(fixture->directory, 0711), 0);
	assert_int_equal(chmod(fixture->socket, 0777), 0);
	pid = fork();
	if (pid == 0) {
		struct recorder_client other;

		if (setgid(65534) != 0 || setuid(65534) != 0)
			_exit(2);
		other = client_connect(fixture->socket);
		if (other.socket < 0)
			_exit(3);
		(void)client_event(&other, event);
		_exit(client_answer(&other, &answer) == 0 ? 4 : 0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(client_event(&client, event), 0);
	assert_int_equal(client_answer(&client, &answer), 0);
	client_close(&client);
	fixture_stop(fixture);
	assert_int_equal(fixture_count(fixture, "\"op\":\"decision\""), 1);
}

static void expect_cut_off(struct fixture *fixture, struct recorder_client *client, size_t events)
{
	struct recorder_answer answer;

	assert_int_equal(client_answer(client, &answer), -1);
	client_close(client);
	assert_int_equal(fixture_count(fixture, "\"op\":\"recorder-peer\""), events);
}

static void who_breaks_the_format_is_cut_off_and_told_of(void **state)
{
	/* V: the version, whatever it is by now. */
	static const struct {
		const char *bytes;
		size_t length;
		const char *detail;
	} packets[] = {
		{"x", 1, "no packet of this protocol"},
		{"V\0\200", 3, "no packet of this protocol"},
		{"\377\0\200\0\0\0\0\0", 8, "no packet of this protocol"},
		{"V\0\201\0", 4, "OPEN"},
		{"V\0\377\377", 4, "a packet of a type that there is not"},
		{"V\0\200\0\377\377\377\377{}", 10, "EVENT"},
		{"V\0\200\0\2\0\0\0{}x", 11, "EVENT"},
		{"V\0\200\0\3\0\0\0{\0}", 11, "EVENT"},
		{"V\0\202\0o\0\0\0\0\0\0\0\0\0\0\0\0", 17, "a packet that is not its turn"},
		{"V\0\205\0\0\0\0\0\0\0\0\0\3\0\0\0end", 19, "a packet that is not its turn"},
	};
	static const char *const objects[] = {"", "{}", "[]", "x", "{\"op\":1}",
		"{\"op\":\"chain\"}", "{\"op\":\"sign\"}", "{\"op\":\"x\",\"seq\":1}",
		"{\"op\":\"x\",\"hash\":\"\"}", "{\"op\":\"x\"}\n", "\n{\"op\":\"x\"}",
		" {\"op\":\"x\"}", "{\"op\":\"\xc3\xa9\"}", "{\"op\":\"x\",\"op\":\"y\"}",
		"{\"op\":\"\x7f\"}"};
	struct fixture *fixture = *state;
	size_t count = 0;

	for (size_t i = 0; i < sizeof(packets) / sizeof(*packets); i++) {
		struct recorder_client client = fixture_connect(fixture);
		char bytes[32];

		memcpy(bytes, packets[i].bytes, packets[i].length);
		if (bytes[0] == 'V')
			bytes[0] = PROTOCOL_VERSION;
		assert_int_equal(send(client.socket, bytes, packets[i].length, MSG_NOSIGNAL),
			packets[i].length);
		expect_cut_off(fixture, &client, ++count);
		assert_non_null(strstr(fixture_line(fixture, "\"op\":\"recorder-peer\""),
			arena_printf(fixture->arena, "\"detail\":\"%s\"", packets[i].detail)));
	}
	for (size_t i = 0; i < sizeof(objects) / sizeof(*objects); i++) {
		struct recorder_client client = fixture_connect(fixture);

		assert_int_equal(client_event(&client, objects[i]), 0);
		expect_cut_off(fixture, &client, ++count);
	}
	fixture_stop(fixture);
	(void)fixture_verify(fixture);
}

static void a_descriptor_is_none_of_its_business(void **state)
{
	struct fixture *fixture = *state;
	struct recorder_client client = fixture_connect(fixture);

	packet_restart(&client.writer, (enum packet_type)RECORDER_EVENT);
	packet_put_string(&client.writer, event);
	assert_int_equal(packet_send(client.socket, &client.writer, &(int){0}, 1), 0);
	expect_cut_off(fixture, &client, 1);
}

static void open_one(struct recorder_client *client, uint64_t limit)
{
	struct recorder_answer answer;

	assert_int_equal(client_open(client, request, 1000, header, limit), 0);
	assert_int_equal(client_answer(client, &answer), 0);
	assert_true(answer.taken);
}

#define CAST "transcripts/1000/0123456789abcdef0123456789abcdef.cast"

static void a_connection_that_ends_leaves_a_cut_transcript(void **state)
{
	struct fixture *fixture = *state;
	struct recorder_client client = fixture_connect(fixture);

	open_one(&client, 0);
	assert_int_equal(client_data(&client, 'o', 1, "half a s", 8), 0);
	client_close(&client);
	fixture_stop(fixture);
	assert_non_null(
		strstr(fixture_line(fixture, "\"op\":\"transcript\""), "\"state\":\"cut\""));
	assert_non_null(strstr(fixture_read(fixture, CAST), "half a s\"]\n"));
	assert_non_null(strstr(fixture_read(fixture, CAST), "[rolegate: the recording ends here]"));
	(void)fixture_verify(fixture);
}

/* Killed with a transcript open: the next one ends it, and half a line at its end goes. */
static void R30_what_a_killed_recorder_left_open_is_ended_by_the_next(void **state)
{
	struct fixture *fixture = *state;
	struct recorder_client client = fixture_connect(fixture);
	struct recorder_answer answer;
	struct stat status;
	char *line, *text;
	int fd;

	open_one(&client, 0);
	assert_int_equal(client_data(&client, 'o', 2500000, "before", 6), 0);
	assert_int_equal(client_event(&client, event), 0); /* answered: the data is written */
	assert_int_equal(client_answer(&client, &answer), 0);
	fixture_kill(fixture);
	client_close(&client);
	fd = open(arena_printf(fixture->arena, "%s/" CAST, fixture->directory),
		O_WRONLY | O_APPEND | O_CLOEXEC);
	assert_int_equal(write(fd, "[3.000000,\"o\",\"ha", 17), 17);
	close(fd);
	fixture_start(fixture);
	fixture_stop(fixture);
	line = fixture_line(fixture, "\"op\":\"transcript\"");
	text = fixture_read(fixture, CAST);
	assert_non_null(strstr(line, "\"state\":\"recovered\""));
	assert_non_null(strstr(line, "\"torn\":17"));
	assert_non_null(strstr(line, fixture_sha256(fixture, text)));
	assert_non_null(strstr(text, "[2.500000,\"o\",\"before\"]\n[2.500000,\"m\""));
	assert_int_equal(
		stat(arena_printf(fixture->arena, "%s/" CAST, fixture->directory), &status), 0);
	assert_int_equal(status.st_mode & 07777, 0400);
	fixture_start(fixture);
	fixture_stop(fixture);
	assert_int_equal(fixture_count(fixture, "\"op\":\"transcript\""), 1);
	(void)fixture_verify(fixture);
}

/* However its last event's time is written, and however long its line is. */
static void R30_what_is_added_to_a_recovered_transcript_is_not_before_its_end(void **state)
{
	enum { SIZE = 32 * 1024, TIME = 511 /* 0.000511 * 1e6 is 510.99… */ };
	struct fixture *fixture = *state;
	struct recorder_client client = fixture_connect(fixture);
	struct recorder_answer answer;
	char *bytes = arena_alloc(fixture->arena, SIZE);

	memset(bytes, 1, SIZE);
	open_one(&client, 0);
	assert_int_equal(client_data(&client, 'o', TIME, bytes, SIZE), 0);
	assert_int_equal(client_event(&client, event), 0); /* answered: the data is written */
	assert_int_equal(client_answer(&client, &answer), 0);
	fixture_kill(fixture);
	client_close(&client);
	fixture_start(fixture);
	fixture_stop(fixture);
	assert_non_null(strstr(fixture_read(fixture, CAST), "\n[0.000511,\"m\""));
}

static void R33_a_flood_is_bounded_and_the_rest_is_counted(void **state)
{
	enum { PACKETS = 400, SIZE = 32 * 1024 };
	struct fixture *fixture = *state;
	struct recorder_client client = fixture_connect(fixture);
	struct recorder_answer answer;
	char *bytes = arena_alloc(fixture->arena, SIZE), *line;

	for (size_t i = 0; i < SIZE; i += 2)
		memcpy(bytes + i, "y\n", 2);
	open_one(&client, 1 << 20);
	for (uint64_t i = 0; i < PACKETS; i++)
		assert_int_equal(client_data(&client, 'o', i * 1000, bytes, SIZE), 0);
	assert_int_equal(client_end(&client, PACKETS * 1000, "end"), 0);
	assert_int_equal(client_answer(&client, &answer), 0);
	assert_true(answer.taken);
	assert_true(answer.number < 3 << 20);
	line = fixture_line(fixture, "\"op\":\"transcript\"");
	assert_non_null(
		strstr(line, arena_printf(fixture->arena, "\"output_bytes\":%d,\"output_lost\":%d",
				     PACKETS * SIZE, PACKETS * SIZE - (1 << 20))));
	assert_non_null(strstr(line, "\"truncated\":true"));
	assert_non_null(strstr(fixture_read(fixture, CAST), "are not in this recording]"));
	client_close(&client);
}

/* Bytes one by one, each an event of its own: the file stays within some times the limit. */
static void R33_a_flood_of_single_bytes_is_bounded(void **state)
{
	struct fixture *fixture = *state;
	struct recorder_client client = fixture_connect(fixture);
	struct recorder_answer answer;

	open_one(&client, 1 << 16);
	for (uint64_t i = 0; i < 60000; i++)
		assert_int_equal(client_data(&client, 'o', i, "\1", 1), 0);
	assert_int_equal(client_end(&client, 60000, "end"), 0);
	assert_int_equal(client_answer(&client, &answer), 0);
	assert_true(answer.taken);
	assert_true(answer.number < (TRANSCRIPT_GROWTH + 1) << 16);
	assert_non_null(
		strstr(fixture_line(fixture, "\"op\":\"transcript\""), "\"truncated\":true"));
	client_close(&client);
}

static int run_program(struct fixture *fixture, const char *command)
{
	pid_t pid = fork();
	int status = -1;

	if (pid == 0) {
		if (chdir(fixture->directory) != 0)
			_exit(126);
		execl("/bin/sh", "sh", "-c", command, (char *)NULL);
		_exit(127);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

static void transcripts_are_what_python_and_asciinema_read(void **state)
{
	struct fixture *fixture = *state;
	struct recorder_client client = fixture_connect(fixture);
	struct recorder_answer answer;
	char zeros[1000] = "";

	open_one(&client, 0);
	assert_int_equal(
		client_data(&client, 'o', 1000, "caf\xc3\xa9 \"\\ \033[1m\xff\r\n", 16), 0);
	assert_int_equal(client_data(&client, 'e', 2000, "oops\n", 5), 0);
	assert_int_equal(client_data(&client, 'o', 3000, zeros, sizeof(zeros)), 0);
	assert_int_equal(client_window(&client, 4000, 100, 40), 0);
	assert_int_equal(client_lost(&client, 'o', 5000, 12), 0);
	assert_int_equal(client_end(&client, 6000, "end"), 0);
	assert_int_equal(client_answer(&client, &answer), 0);
	client_close(&client);
	assert_int_equal(
		run_program(fixture,
			"python3 -c 'import json, sys\n"
			"lines = [json.loads(line) for line in open(sys.argv[1])]\n"
			"assert lines[0][\"version\"] == 2\n"
			"assert all(len(e) == 3 and e[1] in \"oiermr\" for e in lines[1:]), lines\n"
			"assert [e[0] for e in lines[1:]] == sorted(e[0] for e in lines[1:])\n"
			"' " CAST),
		0);
	if (run_program(fixture, "command -v asciinema >/dev/null") != 0)
		skip();
	assert_int_equal(
		run_program(fixture, "LC_ALL=C.UTF-8 HOME=$PWD script -qec 'asciinema cat '" CAST
				     " /dev/null </dev/null >shown && "
				     "grep -q 'caf\xc3\xa9' shown && grep -q 'rolegate: "
				     "1000 bytes of binary' shown"),
		0);
}

static void make_key(struct fixture *fixture, struct proof_key *key)
{
	const struct account_ids ids = {geteuid(), getegid()};
	char *path = arena_printf(fixture->arena, "%s/key.pem", fixture->directory);
	size_t length = 0;
	const char *why = "";
	char *pem;

	(void)ids;
	assert_int_equal(run_program(fixture,
				 "umask 077; openssl genpkey -algorithm ed25519 -out key.pem && "
				 "openssl pkey -in key.pem -pubout -out key.pub"),
		0);
	pem = fd_read_file(fixture->arena, path, 1 << 16, &length);
	assert_int_equal(
		signature_signer_begin(fixture->arena, &key->signer, pem, length, &why), 0);
	memcpy(key->name, "0011223344556677", sizeof(key->name));
	fixture->key = key;
}

/* Checked by another program, from what is on the disk. */
static void R29_signatures_verify_with_openssl(void **state)
{
	struct fixture *fixture = *state;
	struct proof_key key = {.name = ""};
	struct recorder_client client;
	struct recorder_answer answer;

	make_key(fixture, &key);
	fixture->settings.sign_events = 5;
	client = fixture_connect(fixture);
	for (int i = 0; i < 23; i++) {
		assert_int_equal(client_event(&client, event), 0);
		assert_int_equal(client_answer(&client, &answer), 0);
	}
	client_close(&client);
	fixture_stop(fixture);
	print_message("%zu signatures\n", fixture_count(fixture, "\"op\":\"sign\""));
	assert_true(fixture_count(fixture, "\"op\":\"sign\"") >= 5);
	(void)fixture_verify(fixture);
	assert_int_equal(
		run_program(fixture,
			"python3 - <<'END'\n"
			"import base64, json, subprocess\n"
			"lines = [json.loads(line) for line in open('events.jsonl')]\n"
			"hashes = {line['seq']: line['hash'] for line in lines}\n"
			"chain, signed, ends = lines[0]['chain'], 0, []\n"
			"for line in lines:\n"
			"    if line['op'] != 'sign': continue\n"
			"    open('message', 'wb').write(b'rolegate-log-1\\0' + f\"{chain} "
			"{line['to']} {hashes[line['to']]}\".encode())\n"
			"    open('signature', 'wb').write(base64.b64decode(line['signature']))\n"
			"    subprocess.run(['openssl', 'pkeyutl', '-verify', '-pubin', '-inkey', "
			"'key.pub', '-rawin', '-in', 'message', '-sigfile', 'signature'], "
			"check=True, stdout=subprocess.DEVNULL)\n"
			"    assert line['from'] == signed + 1 and line['seq'] == line['to'] + 1 "
			"and line['key'] == '0011223344556677'\n"
			"    signed = line['to']\n"
			"assert signed == lines[-1]['seq'] - 1 and lines[-1]['op'] == 'sign'\n"
			"END"),
		0);
	signature_signer_end(&key.signer);
}

/* A disk of its own that is nearly full: mounted where nobody else sees it. */
static void fill_disk(struct fixture *fixture, const char *name, size_t leave)
{
	char *path = arena_printf(fixture->arena, "%s/%s", fixture->directory, name);
	struct statvfs disk;
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	assert_int_equal(statvfs(fixture->directory, &disk), 0);
	if ((size_t)disk.f_bavail * disk.f_bsize > leave)
		assert_int_equal(
			posix_fallocate(fd, 0, (off_t)(disk.f_bavail * disk.f_bsize - leave)), 0);
	close(fd);
}

static void mount_small_disk(struct fixture *fixture)
{
	if (geteuid() != 0 || unshare(CLONE_NEWNS) != 0 ||
		mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
		mount("small", fixture->directory, "tmpfs", 0, "size=4m,mode=700") != 0)
		skip();
}

static void R30_a_full_disk_refuses_events_and_says_so_in_the_log(void **state)
{
	struct fixture *fixture = *state;
	struct recorder_client client;
	struct recorder_answer answer;

	mount_small_disk(fixture);
	client = fixture_connect(fixture);
	assert_int_equal(client_event(&client, event), 0);
	assert_int_equal(client_answer(&client, &answer), 0);
	assert_true(answer.taken);
	fill_disk(fixture, "filler", 0);
	for (int i = 0; i < 5000 && answer.taken; i++) {
		assert_int_equal(client_event(&client, event), 0);
		assert_int_equal(client_answer(&client, &answer), 0);
	}
	assert_false(answer.taken);
	assert_int_equal(answer.what, RECORDER_EVENT);
	assert_non_null(strstr(answer.text, "No space left"));
	assert_int_equal(fixture_count(fixture, "\"op\":\"disk-full\""), 1);
	assert_int_equal(client_open(&client, request, 1000, header, 0), 0);
	assert_int_equal(client_answer(&client, &answer), 0);
	assert_false(answer.taken);
	assert_int_equal(unlink(arena_printf(fixture->arena, "%s/filler", fixture->directory)), 0);
	for (int i = 0; i < 50 && !answer.taken; i++) { /* it looks once a second */
		usleep(100000);
		assert_int_equal(client_event(&client, event), 0);
		assert_int_equal(client_answer(&client, &answer), 0);
	}
	assert_true(answer.taken);
	client_close(&client);
	fixture_stop(fixture);
	assert_int_equal(fixture_count(fixture, "\"op\":\"disk-free\""), 1);
	(void)fixture_verify(fixture);
	assert_int_equal(umount2(fixture->directory, MNT_DETACH), 0);
}

static void R30_a_full_disk_ends_a_transcript_with_an_answer_and_an_event(void **state)
{
	struct fixture *fixture = *state;
	struct recorder_client client;
	struct recorder_answer answer = {.taken = true};
	char *bytes = arena_alloc(fixture->arena, 32768), *text;

	memset(bytes, 'x', 32768);
	mount_small_disk(fixture);
	client = fixture_connect(fixture);
	open_one(&client, 0);
	for (uint64_t i = 0; i < 200; i++) /* 6.4 MB, more than fits */
		assert_int_equal(client_data(&client, 'o', i, bytes, 32768), 0);
	assert_int_equal(client_end(&client, 1, "end"), 0);
	assert_int_equal(client_answer(&client, &answer), 0);
	assert_false(answer.taken);
	assert_int_equal(answer.what, RECORDER_DATA);
	assert_non_null(
		strstr(fixture_line(fixture, "\"op\":\"transcript\""), "\"state\":\"full\""));
	text = fixture_read(fixture, CAST);
	assert_int_equal(text[strlen(text) - 1], '\n'); /* no half line */
	assert_non_null(strstr(
		fixture_line(fixture, "\"op\":\"transcript\""), fixture_sha256(fixture, text)));
	assert_int_equal(unlink(arena_printf(fixture->arena, "%s/" CAST, fixture->directory)), 0);
	assert_int_equal(client_event(&client, event), 0); /* the connection goes on */
	assert_int_equal(client_answer(&client, &answer), 0);
	client_close(&client);
	fixture_stop(fixture);
	(void)fixture_verify(fixture);
	assert_int_equal(umount2(fixture->directory, MNT_DETACH), 0);
}

static int listen_datagrams(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

static char *receive(struct fixture *fixture, int fd, const char *mark)
{
	char *text = arena_alloc(fixture->arena, 65536);
	ssize_t length;

	do {
		length = recv(fd, text, 65535, MSG_DONTWAIT);
		if (length < 0)
			fail_msg("nothing came with %s", mark);
		text[length] = '\0';
	} while (strstr(text, mark) == NULL);
	return text;
}

static void one_event(struct fixture *fixture)
{
	struct recorder_client client = fixture_connect(fixture);
	struct recorder_answer answer;

	assert_int_equal(client_event(&client, event), 0);
	assert_int_equal(client_answer(&client, &answer), 0);
	client_close(&client);
}

static void events_go_to_the_journal_where_that_is_asked_for(void **state)
{
	struct fixture *fixture = *state;
	int journal = listen_datagrams(fixture->settings.journal);

	fixture->settings.forward = FORWARD_JOURNAL;
	one_event(fixture);
	assert_non_null(strstr(receive(fixture, journal, "dana"),
		"SYSLOG_IDENTIFIER=rolegate\nROLEGATE_OP=decision\nMESSAGE={\"op\":\"decision\","));
	fixture_stop(fixture);
	assert_non_null(
		strstr(receive(fixture, journal, "log-head"), "\nMESSAGE=op=log-head chain="));
	close(journal);
}

static void events_go_to_syslog_as_rfc_5424(void **state)
{
	struct fixture *fixture = *state;
	int syslog = listen_datagrams(fixture->settings.syslog);
	char *text;

	fixture->settings.forward = FORWARD_SYSLOG;
	one_event(fixture);
	/* From the first line on: what is collected elsewhere is a chain with a beginning. */
	assert_non_null(strstr(receive(fixture, syslog, " chain - "), "\"seq\":1,"));
	text = receive(fixture, syslog, "\"recorder-start\"");
	assert_int_equal(strncmp(text, "<86>1 2", 7), 0);
	assert_non_null(strstr(text, " recorder-start - {\"time\":\""));
	assert_non_null(
		strstr(receive(fixture, syslog, "dana"), " decision - {\"op\":\"decision\""));
	fixture_stop(fixture);
	close(syslog);
}

static void what_was_not_forwarded_is_counted_in_the_log(void **state)
{
	struct fixture *fixture = *state;
	int journal;

	fixture->settings.forward = FORWARD_JOURNAL;
	one_event(fixture);
	one_event(fixture);
	journal = listen_datagrams(fixture->settings.journal);
	usleep(1100000); /* tried again after a second */
	one_event(fixture);
	usleep(1100000);
	fixture_stop(fixture);
	assert_int_equal(fixture_count(fixture, "\"op\":\"forward\",\"dropped\":4,"), 1);
	close(journal);
}

static void what_nobody_takes_is_told_of_meanwhile_and_at_the_end(void **state)
{
	struct fixture *fixture = *state;

	fixture->settings.forward = FORWARD_JOURNAL;
	fixture->settings.anchor_interval = 1;
	one_event(fixture);
	usleep(2200000);
	assert_int_equal(fixture_count(fixture, "\"op\":\"forward\",\"dropped\":3,"), 1);
	assert_int_equal(fixture_count(fixture, "\"op\":\"forward\""), 1);
	one_event(fixture);
	fixture_stop(fixture);
	assert_int_equal(fixture_count(fixture, "\"op\":\"forward\""), 2);
	(void)fixture_verify(fixture);
}

static void transcripts_expire_with_an_event(void **state)
{
	struct fixture *fixture = *state;
	struct recorder_client client = fixture_connect(fixture);
	struct recorder_answer answer;
	const struct timespec old[2] = {{.tv_sec = 1}, {.tv_sec = 1}};

	open_one(&client, 0);
	assert_int_equal(client_end(&client, 0, "end"), 0);
	assert_int_equal(client_answer(&client, &answer), 0);
	client_close(&client);
	fixture_stop(fixture);
	assert_int_equal(
		utimensat(AT_FDCWD, arena_printf(fixture->arena, "%s/" CAST, fixture->directory),
			old, 0),
		0);
	fixture_start(fixture);
	usleep(1200000);
	fixture_stop(fixture);
	assert_false(fixture_has(fixture, CAST));
	assert_non_null(
		strstr(fixture_line(fixture, "\"op\":\"expired\""), "\"file\":\"" CAST "\""));
	(void)fixture_verify(fixture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(an_event_is_taken_and_in_the_chain),
		FIXTURE_TEST(a_transcript_is_named_counted_and_hashed),
		FIXTURE_TEST(R31_R23_what_is_no_id_opens_no_file),
		FIXTURE_TEST(R31_a_file_that_is_there_is_not_written_over),
		FIXTURE_TEST(R30_a_peer_that_is_not_root_is_refused),
		FIXTURE_TEST(who_breaks_the_format_is_cut_off_and_told_of),
		FIXTURE_TEST(a_descriptor_is_none_of_its_business),
		FIXTURE_TEST(a_connection_that_ends_leaves_a_cut_transcript),
		FIXTURE_TEST(R30_what_a_killed_recorder_left_open_is_ended_by_the_next),
		FIXTURE_TEST(R30_what_is_added_to_a_recovered_transcript_is_not_before_its_end),
		FIXTURE_TEST(R33_a_flood_is_bounded_and_the_rest_is_counted),
		FIXTURE_TEST(R33_a_flood_of_single_bytes_is_bounded),
		FIXTURE_TEST(transcripts_are_what_python_and_asciinema_read),
		FIXTURE_TEST(R29_signatures_verify_with_openssl),
		FIXTURE_TEST(R30_a_full_disk_refuses_events_and_says_so_in_the_log),
		FIXTURE_TEST(R30_a_full_disk_ends_a_transcript_with_an_answer_and_an_event),
		FIXTURE_TEST(events_go_to_the_journal_where_that_is_asked_for),
		FIXTURE_TEST(events_go_to_syslog_as_rfc_5424),
		FIXTURE_TEST(what_was_not_forwarded_is_counted_in_the_log),
		FIXTURE_TEST(what_nobody_takes_is_told_of_meanwhile_and_at_the_end),
		FIXTURE_TEST(transcripts_expire_with_an_event),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
