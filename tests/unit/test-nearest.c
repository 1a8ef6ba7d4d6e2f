/* rolegatectl's own helpers: near names, known programs, lines of a batch, the control socket. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "admin/admin.h"
#include "admin/control.h"
#include "admin/known_programs.h"
#include "admin/lines.h"
#include "base/arena.h"
#include "base/distance.h"
#include "protocol/protocol.h"

static void distance_counts_edits(void **state)
{
	(void)state;
	assert_int_equal(distance("", "", 3), 0);
	assert_int_equal(distance("restart", "restart", 0), 0);
	assert_int_equal(distance("restrat", "restart", 3), 1); /* a swap is one */
	assert_int_equal(distance("restar", "restart", 3), 1);
	assert_int_equal(distance("rrestart", "restart", 3), 1);
	assert_int_equal(distance("resta3t", "restart", 3), 1);
	assert_int_equal(distance("kitten", "sitting", 5), 3);
	assert_int_equal(distance("ca", "abc", 5), 3); /* no edit within a swap */
	assert_int_equal(distance("", "abc", 5), 3);
}

static void distance_stops_at_its_limit(void **state)
{
	char longest[DISTANCE_LENGTH_MAX + 2];

	(void)state;
	assert_int_equal(distance("kitten", "sitting", 2), 3);
	assert_int_equal(distance("abc", "abcdef", 2), 3);
	assert_int_equal(distance("abcdef", "uvwxyz", 1), 2);
	memset(longest, 'a', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	assert_int_equal(distance(longest, longest, 3), 4);
	assert_int_equal(distance(longest + 1, longest + 1, 3), 0);
}

/* distance() is symmetric, and never above the longer of the two. */
static void distance_is_symmetric(void **state)
{
	static const char letters[] = "abc";

	(void)state;
	srandom(4711);
	for (int i = 0; i < 20000; i++) {
		char words[2][9];
		size_t lengths[2], found;

		for (int j = 0; j < 2; j++) {
			lengths[j] = (size_t)random() % 9;
			for (size_t k = 0; k < lengths[j]; k++)
				words[j][k] = letters[random() % 3];
			words[j][lengths[j]] = '\0';
		}
		found = distance(words[0], words[1], 8);
		assert_int_equal(found, distance(words[1], words[0], 8));
		assert_true(found <= (lengths[0] > lengths[1] ? lengths[0] : lengths[1]));
		assert_int_equal(found == 0, strcmp(words[0], words[1]) == 0);
		for (size_t limit = 0; limit < 8; limit++)
			assert_int_equal(distance(words[0], words[1], limit),
				found <= limit ? found : limit + 1);
	}
}

/* Sorted, so that bsearch(3) finds each; as wide as the well-known list of such programs. */
static void R38_the_list_is_sorted_and_wide(void **state)
{
	size_t counts[KNOWN_EFFECTS] = {0}, starts = 0;

	(void)state;
	for (size_t i = 0; i < known_program_count; i++) {
		const struct known_program *program = &known_programs[i];

		assert_ptr_equal(known_program(program->name), program);
		if (i > 0)
			assert_true(strcmp(known_programs[i - 1].name, program->name) < 0);
		for (int effect = 0; effect < KNOWN_EFFECTS; effect++)
			counts[effect] += program->ways[effect] != NULL;
		starts += program->ways[KNOWN_SHELL] != NULL || program->ways[KNOWN_COMMAND] != NULL;
	}
	assert_true(known_program_count >= 450);
	assert_true(starts >= 228);
	assert_true(counts[KNOWN_READ] >= 199);
	assert_true(counts[KNOWN_WRITE] >= 84);
	assert_true(counts[KNOWN_LIBRARY] > 0 && counts[KNOWN_PRIVILEGE] > 0);
}

static void R38_programs_are_known_by_name(void **state)
{
	(void)state;
	assert_non_null(known_program("/bin/bash")->ways[KNOWN_SHELL]);
	assert_string_equal(known_program("/usr/bin/python3.11")->name, "python");
	assert_string_equal(known_program("/usr/bin/lua5.4")->name, "lua");
	assert_string_equal(known_program("/usr/bin/less")->ways[KNOWN_SHELL], "interactive,pager");
	assert_non_null(strstr(known_program("/usr/bin/tar")->ways[KNOWN_COMMAND], "--to-command"));
	assert_null(known_program("/usr/bin/cat")->ways[KNOWN_COMMAND]);
	assert_string_equal(known_program("/usr/bin/apt-get")->name, "apt-get");
	assert_string_equal(known_program("zsh")->name, "zsh");
	assert_null(known_program("/usr/bin/uptime"));
	assert_null(known_program("/usr/bin/-"));
	assert_null(known_program("/usr/bin/123"));
	assert_null(known_program("/usr/bin/bashful"));
}

static void read_lines(const char *text, size_t length, struct lines **lines, struct arena *arena)
{
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], text, length), length);
	close(ends[1]);
	*lines = lines_new(arena, ends[0]);
}

static void lines_come_whole(void **state)
{
	static const char text[] = "one\n\nthree\0x\nlast";
	static const size_t lengths[] = {3, 0, 7, 4};
	struct arena *arena = arena_new();
	struct lines *lines;
	const char *line;
	size_t length;

	(void)state;
	read_lines(text, sizeof(text) - 1, &lines, arena);
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(lines_next(lines, &line, &length), 1);
		assert_int_equal(length, lengths[i]);
	}
	assert_memory_equal(line, "last", 4);
	assert_int_equal(lines_next(lines, &line, &length), 0);
	assert_int_equal(lines_next(lines, &line, &length), 0);
	arena_free(arena);
}

static void terminal_output_is_escaped(void **state)
{
	struct arena *arena = arena_new();

	(void)state;
	assert_string_equal(escape_lines(arena, "a\nb\033[31m\n"), "a\nb\\x1b[31m\n");
	assert_string_equal(json_text(arena, "a\"\n\302\233"), "\"a\\\"\\n\\u009B\"");
	assert_string_equal(json_text(arena, "\377"), "\"\\\\xff\"");
	assert_string_equal(json_add(arena, "{}", "\"a\":1"), "{\"a\":1}");
	assert_string_equal(json_add(arena, "{\"b\":2}", "\"a\":1"), "{\"b\":2,\"a\":1}");
	arena_free(arena);
}

static void answer(struct arena *arena, int socket, int more, unsigned status, const char *part)
{
	struct packet_writer writer;

	packet_start(arena, &writer, PACKET_ANSWER);
	packet_put_u8(&writer, (uint8_t)more);
	packet_put_u32(&writer, status);
	packet_put_string(&writer, part);
	assert_int_equal(packet_send(socket, &writer, NULL, 0), 0);
}

static char *ask(struct arena *arena, int socket, int *status, const char **complaint)
{
	return control_ask(arena, socket, PACKET_RELOAD, PACKET_FLAG_JSON, status, complaint);
}

/* R9: the gateway is sent a type and a flag, and nothing that names a file. */
static void R9_a_request_names_nothing(void **state)
{
	struct arena *arena = arena_new();
	uint8_t buffer[PACKET_MAX];
	struct packet packet;
	const char *complaint;
	int ends[2], status = -1;

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), 0);
	answer(arena, ends[1], 1, 0, "two ");
	answer(arena, ends[1], 0, 2, "parts");
	assert_string_equal(ask(arena, ends[0], &status, &complaint), "two parts");
	assert_int_equal(status, 2);
	assert_int_equal(packet_receive(ends[1], buffer, &packet), 1);
	assert_int_equal(packet.type, PACKET_RELOAD);
	assert_int_equal(packet_get_u32(&packet), PACKET_FLAG_JSON);
	assert_true(packet_done(&packet));
	close(ends[0]);
	close(ends[1]);
	arena_free(arena);
}

static void malformed_answers_are_refused(void **state)
{
	struct arena *arena = arena_new();
	struct packet_writer writer;
	const char *complaint = NULL;
	int ends[2], status;

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), 0);
	answer(arena, ends[1], 0, 256, "");
	assert_null(ask(arena, ends[0], &status, &complaint));
	assert_non_null(strstr(complaint, "malformed"));
	packet_start(arena, &writer, PACKET_STARTED);
	packet_put_string(&writer, "x");
	assert_int_equal(packet_send(ends[1], &writer, NULL, 0), 0);
	assert_null(ask(arena, ends[0], &status, &complaint));
	packet_start(arena, &writer, PACKET_REFUSED);
	packet_put_string(&writer, "limit");
	packet_put_string(&writer, "too many");
	assert_int_equal(packet_send(ends[1], &writer, NULL, 0), 0);
	assert_null(ask(arena, ends[0], &status, &complaint));
	assert_non_null(strstr(complaint, "too many"));
	answer(arena, ends[1], 1, 0, "more was promised");
	shutdown(ends[1], SHUT_WR);
	assert_null(ask(arena, ends[0], &status, &complaint));
	assert_non_null(strstr(complaint, "closed"));
	close(ends[0]);
	close(ends[1]);
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(distance_counts_edits),
		cmocka_unit_test(distance_stops_at_its_limit),
		cmocka_unit_test(distance_is_symmetric),
		cmocka_unit_test(R38_the_list_is_sorted_and_wide),
		cmocka_unit_test(R38_programs_are_known_by_name),
		cmocka_unit_test(lines_come_whole),
		cmocka_unit_test(terminal_output_is_escaped),
		cmocka_unit_test(R9_a_request_names_nothing),
		cmocka_unit_test(malformed_answers_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
