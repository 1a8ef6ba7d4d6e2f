/*
 * When what the recorder acknowledges is on the disk. Its fdatasync(2) is this file's, which takes
 * so long that an answer which did not wait for it is there first.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "recorder-fixture.h"

static const char event[] = "{\"op\":\"decision\",\"acct\":\"dana\",\"res\":\"success\"}";
static const char header[] = "{\"version\":2,\"width\":80,\"height\":24}";
static const char request[] = "0123456789abcdef0123456789abcdef";

enum { SLOW = 20 * 1000 /* µs */ };

static volatile unsigned *synced; /* shared with the recorder */

int fdatasync(int fd)
{
	int result = (int)syscall(SYS_fdatasync, fd);

	usleep(SLOW);
	++*synced;
	return result;
}

static void wait_for_answer(struct recorder_client *client)
{
	struct recorder_answer answer;

	assert_int_equal(client_answer(client, &answer), 0);
	assert_true(answer.taken);
}

static void R29_always_is_before_each_answer(void **state)
{
	struct fixture *fixture = *state;
	struct recorder_client client;
	unsigned before;

	fixture->settings.sync_always = true;
	client = fixture_connect(fixture);
	for (int i = 0; i < 20; i++) {
		before = *synced;
		assert_int_equal(client_event(&client, event), 0);
		wait_for_answer(&client);
		assert_true(*synced > before);
	}
	before = *synced;
	assert_int_equal(client_open(&client, request, 1000, header, 0), 0);
	wait_for_answer(&client);
	assert_true(*synced > before);
	assert_int_equal(client_data(&client, 'o', 1, "text", 4), 0);
	before = *synced;
	assert_int_equal(client_end(&client, 2, "end"), 0);
	wait_for_answer(&client);
	assert_true(*synced >= before + 2); /* the transcript and the log */
	client_close(&client);
	fixture_stop(fixture);
}

static void batch_is_once_a_second(void **state)
{
	struct fixture *fixture = *state;
	struct recorder_client client = fixture_connect(fixture);
	unsigned before = *synced;

	for (int i = 0; i < 200; i++) {
		assert_int_equal(client_event(&client, event), 0);
		wait_for_answer(&client);
	}
	assert_true(*synced - before < 50);
	before = *synced;
	assert_int_equal(client_event(&client, event), 0);
	wait_for_answer(&client);
	for (int i = 0; i < 30 && *synced == before; i++)
		usleep(100 * 1000);
	assert_true(*synced > before);
	client_close(&client);
	fixture_stop(fixture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(R29_always_is_before_each_answer),
		FIXTURE_TEST(batch_is_once_a_second),
	};

	synced = mmap(
		NULL, sizeof(*synced), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (synced == MAP_FAILED)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
