/* Bytes of streams as asciicast: every character whole, nothing that a terminal obeys, bounded. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recorder/cast.h"
#include "recorder/cast_text.h"

struct fixture {
	struct cast cast;
	struct cast_lines lines;
};

static int setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	cast_start(&fixture->cast, 1 << 20);
	fixture->lines.bytes = malloc(CAST_ROOM);
	*state = fixture;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;

	cast_free(&fixture->cast);
	free(fixture->lines.bytes);
	free(fixture);
	return 0;
}

static void give(struct fixture *fixture, int stream, const char *bytes, size_t length)
{
	cast_data(&fixture->cast, &fixture->lines, stream, 0, (const unsigned char *)bytes, length);
	assert_false(fixture->lines.overflow);
}

static const char *lines_of(struct fixture *fixture)
{
	fixture->lines.bytes[fixture->lines.length] = '\0';
	return fixture->lines.bytes;
}

/* The texts of all events with that code, joined; every line must be JSON of that form. */
static void joined(struct fixture *fixture, const char *code, char *text, size_t room)
{
	const char *line = lines_of(fixture), *end;

	*text = '\0';
	for (; *line != '\0'; line = end + 1) {
		const char *kind = NULL, *data = NULL;
		double when = 0;
		json_t *event;
		size_t length = 0;

		end = strchr(line, '\n');
		assert_non_null(end);
		event = json_loadb(line, (size_t)(end - line), JSON_ALLOW_NUL, NULL);
		assert_non_null(event);
		assert_int_equal(json_unpack(event, "[F,s,s%!]", &when, &kind, &data, &length), 0);
		if (strcmp(kind, code) == 0) {
			assert_true(strlen(text) + length < room);
			memcpy(text + strlen(text), data, length + 1);
		}
		json_decref(event);
	}
}

static void R33_a_character_is_whole_wherever_it_is_split(void **state)
{
	static const char text[] = "a\xc3\xa9z\xe2\x82\xac-\xf0\x9f\x98\x80!";
	struct fixture *fixture = *state;
	char got[1024];

	for (size_t first = 0; first < sizeof(text); first++)
		for (size_t second = first; second < sizeof(text); second++) {
			fixture->lines.length = 0;
			give(fixture, CAST_OUTPUT, text, first);
			give(fixture, CAST_OUTPUT, text + first, second - first);
			give(fixture, CAST_OUTPUT, text + second, sizeof(text) - 1 - second);
			joined(fixture, "o", got, sizeof(got));
			assert_string_equal(got, text);
		}
	for (size_t i = 0; i < sizeof(text) - 1; i++)
		give(fixture, CAST_ERROR, text + i, 1);
	joined(fixture, "e", got, sizeof(got));
	assert_string_equal(got, text);
	assert_int_equal(fixture->cast.streams[CAST_ERROR].invalid, 0);
}

static void R33_streams_do_not_mix_their_characters(void **state)
{
	struct fixture *fixture = *state;
	char got[64];

	give(fixture, CAST_OUTPUT, "\xe2\x82", 2);
	give(fixture, CAST_ERROR, "\xc3", 1);
	give(fixture, CAST_OUTPUT, "\xac", 1);
	give(fixture, CAST_ERROR, "\xa9", 1);
	joined(fixture, "o", got, sizeof(got));
	assert_string_equal(got, "\xe2\x82\xac");
	joined(fixture, "e", got, sizeof(got));
	assert_string_equal(got, "\xc3\xa9");
}

#define FFFD "\xef\xbf\xbd"

static void what_is_no_utf8_is_replaced_and_counted(void **state)
{
	static const struct {
		const char *bytes, *text;
		unsigned invalid;
	} cases[] = {
		{"a\xff z", "a" FFFD " z", 1}, {"\xc0\xaf", FFFD FFFD, 2}, /* overlong */
		{"\xed\xa0\x80", FFFD FFFD FFFD, 3},			   /* a surrogate */
		{"\xf4\x90\x80\x80", FFFD FFFD FFFD FFFD, 4},		   /* above U+10FFFF */
		{"\xe2\x82z", FFFD FFFD "z", 2},			   /* cut off by another */
		{"\x80", FFFD, 1}, {"\xc3", FFFD, 1},			   /* never ended */
	};
	struct fixture *fixture = *state;
	char got[64];

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct cast_stream *stream = &fixture->cast.streams[CAST_OUTPUT];

		stream->invalid = 0;
		fixture->lines.length = 0;
		give(fixture, CAST_OUTPUT, cases[i].bytes, strlen(cases[i].bytes));
		cast_end(&fixture->cast, &fixture->lines, 0, NULL);
		joined(fixture, "o", got, sizeof(got));
		assert_string_equal(got, cases[i].text);
		assert_int_equal(stream->invalid, cases[i].invalid);
	}
}

/* Every code point: what the file holds can be printed as it is, and reads back as it was. */
static void R32_no_line_holds_what_a_terminal_obeys(void **state)
{
	struct fixture *fixture = *state;
	char got[64];

	for (unsigned point = 1; point < 0x3000; point++) {
		char bytes[4];
		size_t length = 0;

		if (point < 0x80) {
			bytes[length++] = (char)point;
		} else if (point < 0x800) {
			bytes[length++] = (char)(0xc0 | point >> 6);
		} else {
			bytes[length++] = (char)(0xe0 | point >> 12);
			bytes[length++] = (char)(0x80 | (point >> 6 & 0x3f));
		}
		if (point >= 0x80)
			bytes[length++] = (char)(0x80 | (point & 0x3f));
		fixture->lines.length = 0;
		give(fixture, CAST_OUTPUT, bytes, length);
		for (const char *at = lines_of(fixture); *at != '\0'; at++)
			assert_true((unsigned char)*at >= 0x20 || *at == '\n');
		assert_null(strchr(lines_of(fixture), 0x7f));
		assert_null(strstr(lines_of(fixture), "\xc2\x9b"));
		assert_null(strstr(lines_of(fixture), "\xe2\x80\xae"));
		assert_null(strstr(lines_of(fixture), "\xe2\x81\xa6"));
		joined(fixture, "o", got, sizeof(got));
		assert_memory_equal(got, bytes, length);
	}
}

static void R33_the_limit_cuts_marks_and_counts(void **state)
{
	struct fixture *fixture = *state;
	struct cast_stream *stream = &fixture->cast.streams[CAST_OUTPUT];
	char got[1024];

	fixture->cast.limit = 10;
	give(fixture, CAST_OUTPUT, "12345678", 8);
	give(fixture, CAST_OUTPUT, "9abcdef", 7);
	give(fixture, CAST_OUTPUT, "more", 4);
	cast_lost(&fixture->cast, &fixture->lines, CAST_OUTPUT, 5, 1000);
	cast_end(&fixture->cast, &fixture->lines, 6, NULL);
	joined(fixture, "o", got, sizeof(got));
	assert_memory_equal(got, "123456789a\r\n[rolegate: the limit of this recording", 40);
	assert_non_null(strstr(got, "\r\n[rolegate: 1009 bytes of output are not in this "
				    "recording]\r\n"));
	joined(fixture, "m", got, sizeof(got));
	assert_non_null(strstr(got, "the limit of this recording is reached"));
	assert_int_equal(stream->bytes, 1019);
	assert_int_equal(stream->lost, 1009);
}

static void R33_a_cut_within_a_character_leaves_no_half(void **state)
{
	struct fixture *fixture = *state;

	fixture->cast.limit = 2;
	give(fixture, CAST_OUTPUT, "a\xe2\x82\xac", 4);
	cast_end(&fixture->cast, &fixture->lines, 6, NULL);
	assert_null(strstr(lines_of(fixture), FFFD));
	assert_int_equal(fixture->cast.streams[CAST_OUTPUT].invalid, 0);
	assert_int_equal(fixture->cast.streams[CAST_OUTPUT].lost, 3);
}

/* sha256sum says so of 3 * 4096 NUL bytes. */
static void R33_binary_is_counted_and_hashed_as_one_piece(void **state)
{
	static const char zeros[4096];
	struct fixture *fixture = *state;
	char got[1024];

	give(fixture, CAST_OUTPUT, "before\n", 7);
	for (int i = 0; i < 3; i++)
		give(fixture, CAST_OUTPUT, zeros, sizeof(zeros));
	assert_true(fixture->lines.length < 100);
	give(fixture, CAST_OUTPUT, "after\n", 6);
	joined(fixture, "o", got, sizeof(got));
	assert_string_equal(got,
		"before\n\r\n[rolegate: 12288 bytes of binary output, sha256 "
		"f3cc103136423a57975750907ebc1d367e2985ac6338976d4d5a439f50323f4a]\r\nafter\n");
	assert_int_equal(fixture->cast.streams[CAST_OUTPUT].binary, 12288);
}

/* One NUL must not make a recording blind, and names of `find -print0` are text. */
static void R33_some_strange_bytes_do_not_hide_the_text_around_them(void **state)
{
	struct fixture *fixture = *state;
	char got[1024], text[200];

	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = i % 4 == 0 ? '\0' : 'x';
	give(fixture, CAST_OUTPUT, text, sizeof(text));
	assert_int_equal(fixture->cast.streams[CAST_OUTPUT].binary, 0);
	assert_non_null(strstr(lines_of(fixture), "\\u0000xxx\\u0000xxx"));
	fixture->lines.length = 0;
	give(fixture, CAST_OUTPUT, "\xff\xff\xff", 3); /* too little to judge by */
	joined(fixture, "o", got, sizeof(got));
	assert_string_equal(got, FFFD FFFD FFFD);
}

/* Padded with NUL bytes, which no terminal shows, so that it would be counted alone. */
static void R33_text_is_not_hidden_by_padding(void **state)
{
	struct fixture *fixture = *state;
	char got[1024], text[200] = "";

	for (size_t i = 0; i < sizeof(text); i += 10)
		text[i] = (char)('a' + i / 10);
	give(fixture, CAST_OUTPUT, text, sizeof(text));
	joined(fixture, "o", got, sizeof(got));
	assert_non_null(strstr(got, "200 bytes of binary output, sha256 "));
	assert_non_null(strstr(got, "abcdefghijklmnopqrst"));
	assert_int_equal(fixture->cast.streams[CAST_OUTPUT].binary, 200);
	assert_int_equal(fixture->cast.kept, 20);
	fixture->lines.length = 0;
	memset(text, 0xff, 15); /* what is left is no text either */
	give(fixture, CAST_OUTPUT, text, sizeof(text));
	assert_int_equal(fixture->lines.length, 0);
	fixture->cast.limit = 21;
	memset(text, 0, sizeof(text));
	memcpy(text, "secret", sizeof("secret")); /* more than there is room for */
	give(fixture, CAST_OUTPUT, text, sizeof(text));
	assert_null(strstr(lines_of(fixture), "secret"));
}

static void time_never_goes_back(void **state)
{
	struct fixture *fixture = *state;

	cast_window(&fixture->cast, &fixture->lines, 2000000, 80, 24);
	cast_window(&fixture->cast, &fixture->lines, 1000000, 81, 24);
	assert_string_equal(
		lines_of(fixture), "[2.000000,\"r\",\"80x24\"]\n[2.000000,\"r\",\"81x24\"]\n");
}

/* The largest packet of the worst bytes fits. */
static void R33_one_packet_has_room(void **state)
{
	enum { SIZE = 128 * 1024 };
	struct fixture *fixture = *state;
	char *bytes = malloc(SIZE);

	fixture->cast.limit = SIZE;
	memset(bytes, 1, SIZE);
	give(fixture, CAST_OUTPUT, bytes, SIZE);
	fixture->lines.length = 0;
	for (size_t i = 0; i < SIZE; i++)
		bytes[i] = i % 4 == 0 ? '\x80' : '\x02';
	fixture->cast.kept = 0;
	give(fixture, CAST_OUTPUT, bytes, SIZE);
	cast_end(&fixture->cast, &fixture->lines, 0, "why");
	assert_false(fixture->lines.overflow);
	free(bytes);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(R33_a_character_is_whole_wherever_it_is_split),
		TEST(R33_streams_do_not_mix_their_characters),
		TEST(what_is_no_utf8_is_replaced_and_counted),
		TEST(R32_no_line_holds_what_a_terminal_obeys),
		TEST(R33_the_limit_cuts_marks_and_counts),
		TEST(R33_a_cut_within_a_character_leaves_no_half),
		TEST(R33_binary_is_counted_and_hashed_as_one_piece),
		TEST(R33_some_strange_bytes_do_not_hide_the_text_around_them),
		TEST(R33_text_is_not_hidden_by_padding),
		TEST(time_never_goes_back),
		TEST(R33_one_packet_has_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
