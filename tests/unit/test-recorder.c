/* What the recorder writes of what it is told, over its own protocol. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "recorder-client.h"
#include "recorder-fixture.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(an_event_is_taken_and_in_the_chain),
		FIXTURE_TEST(a_transcript_is_named_counted_and_hashed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
