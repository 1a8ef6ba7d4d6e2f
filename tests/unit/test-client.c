/* src/client/ against a fake gateway (client_fake.h). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "base/message.h"
#include "client_fake.h"

static const char *const words[] = { "systemctl", "restart", "nginx.service" };

static const struct fake_client plain = { .words = words, .count = 3 };
static const struct fake_client at_terminal = { .words = words, .count = 3, .terminal = true };

static void start(struct fake *fake, const struct fake_client *client)
{
	fake_start(fake, client);
	fake_expect(fake, PACKET_RUN);
}

static void start_running(struct fake *fake, const struct fake_client *client)
{
	start(fake, client);
	fake_send(fake, PACKET_STARTED, "s", FAKE_REQUEST);
}

/* R14, R20: flags, account, streams, TERM, window, words: no identity, no directory, no more. */
static void R20_a_request_says_what_and_not_who(void **state)
{
	struct fake fake;
	struct packet *packet = &fake.packet;
	size_t count = 0;
	char **got;

	(void)state;
	start(&fake, &plain);
	assert_int_equal(packet_get_u32(packet), 0);
	assert_string_equal(packet_get_string(fake.arena, packet), "");
	assert_int_equal(packet_get_u8(packet), 7);
	assert_string_equal(packet_get_string(fake.arena, packet), "");
	assert_int_equal(packet_get_window(packet).columns, 0);
	assert_string_equal(packet_get_string(fake.arena, packet), "");
	assert_string_equal(packet_get_string(fake.arena, packet), "");
	got = packet_get_words(fake.arena, packet, &count);
	assert_int_equal(count, 3);
	assert_string_equal(got[2], "nginx.service");
	assert_true(packet_done(packet));
	assert_int_equal(packet->descriptor_count, 3);
	fake_refuse(&fake, "not-permitted", "no", "");
	assert_int_equal(fake_finish(&fake), EXIT_REFUSED);
}

static void a_terminal_is_described_and_kept(void **state)
{
	struct fake fake;
	struct packet *packet = &fake.packet;
	struct packet_window window;

	(void)state;
	start(&fake, &at_terminal);
	packet_get_u32(packet);
	packet_get_string(fake.arena, packet);
	assert_int_equal(packet_get_u8(packet), 0);
	assert_string_equal(packet_get_string(fake.arena, packet), "fake-term");
	window = packet_get_window(packet);
	assert_int_equal(window.rows, 33);
	assert_int_equal(window.columns, 77);
	assert_int_equal(packet->descriptor_count, 0);
	fake_refuse(&fake, "not-permitted", "no", "");
	assert_int_equal(fake_finish(&fake), EXIT_REFUSED);
}

/* A program of the pipeline may be reading the terminal: ours gets nothing to read. */
static void a_terminal_before_a_pipe_is_not_read(void **state)
{
	struct fake fake;
	struct stat given, nothing;

	(void)state;
	fake_start(&fake, &(struct fake_client){ .words = words, .count = 3, .terminal = true,
				  .out_pipe = true });
	fake_expect(&fake, PACKET_RUN);
	packet_get_u32(&fake.packet);
	packet_get_string(fake.arena, &fake.packet);
	assert_int_equal(packet_get_u8(&fake.packet), 3);
	assert_int_equal(fake.packet.descriptor_count, 2);
	assert_int_equal(fstat(fake.packet.descriptors[0], &given), 0);
	assert_int_equal(stat("/dev/null", &nothing), 0);
	assert_int_equal(given.st_rdev, nothing.st_rdev);
	fake_send(&fake, PACKET_STARTED, "s", FAKE_REQUEST);
	fake_end(&fake, ENDED_EXITED, 0, "");
	assert_int_equal(fake_finish(&fake), 0);
}

static void the_status_is_the_commands_own(void **state)
{
	(void)state;
	for (uint32_t status = 0; status < 256; status++) {
		struct fake fake;

		start_running(&fake, &plain);
		fake_end(&fake, ENDED_EXITED, status, "");
		assert_int_equal(fake_finish(&fake), status);
		assert_string_equal(fake.errors, "");
	}
}

static void a_signal_is_128_and_its_number(void **state)
{
	static const uint32_t numbers[] = { SIGHUP, SIGINT, SIGKILL, SIGPIPE, SIGTERM, 64 };

	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		struct fake fake;

		start_running(&fake, &plain);
		fake_end(&fake, ENDED_SIGNALLED, numbers[i], "");
		assert_int_equal(fake_finish(&fake), 128 + numbers[i]);
	}
}

static void a_timeout_is_124_and_said(void **state)
{
	struct fake fake;

	(void)state;
	start_running(&fake, &plain);
	fake_end(&fake, ENDED_TIMED_OUT, 0, "");
	assert_int_equal(fake_finish(&fake), EXIT_TIMED_OUT);
	assert_non_null(strstr(fake.errors, FAKE_REQUEST));
}

static void say(struct fake *fake, enum message_type type, const char *input, const char *text)
{
	fake_send(fake, PACKET_MESSAGE, "bss", (int)type, input, text);
}

static void what_a_function_says_is_shown(void **state)
{
	struct fake fake;

	(void)state;
	start_running(&fake, &plain);
	say(&fake, MESSAGE_SUCCESS, "", "done");
	say(&fake, MESSAGE_WARNING, "", "careful");
	say(&fake, MESSAGE_ERROR, "", "no");
	say(&fake, MESSAGE_INVALID, "port", "not that");
	fake_end(&fake, ENDED_EXITED, 1, "");
	assert_int_equal(fake_finish(&fake), 1);
	assert_string_equal(fake.output, "success: done\n");
	assert_string_equal(
		fake.errors, "warning: careful\nerror: no\ninvalid port: not that\n");
}

static void with_json_nothing_is_shown_of_it(void **state)
{
	struct fake_client client = plain;
	struct fake fake;

	(void)state;
	client.options.json = true;
	start_running(&fake, &client);
	say(&fake, MESSAGE_SUCCESS, "", "done");
	say(&fake, MESSAGE_ERROR, "", "no");
	fake_end(&fake, ENDED_EXITED, 1, "{}");
	assert_int_equal(fake_finish(&fake), 1);
	assert_string_equal(fake.output, "{}\n");
	assert_string_equal(fake.errors, "");
}

static size_t put_utf8(char *to, unsigned point)
{
	if (point < 0x80)
		to[0] = (char)point;
	else if (point < 0x800) {
		to[0] = (char)(0xc0 | point >> 6);
		to[1] = (char)(0x80 | (point & 0x3f));
	} else {
		to[0] = (char)(0xe0 | point >> 12);
		to[1] = (char)(0x80 | (point >> 6 & 0x3f));
		to[2] = (char)(0x80 | (point & 0x3f));
	}
	return point < 0x80 ? 1 : point < 0x800 ? 2 : 3;
}

/* Every C0, C1 and bidirectional code point, and every byte that is none, in text and input. */
static void R32_nothing_of_it_is_obeyed_by_a_terminal(void **state)
{
	static const unsigned ranges[][2] = { { 1, 0x1f }, { 0x7f, 0x9f }, { 0x61c, 0x61c },
		{ 0x200b, 0x200f }, { 0x2028, 0x202e }, { 0x2060, 0x206f }, { 0xfeff, 0xfeff } };
	struct fake fake;
	char text[2] = "";
	unsigned count = 0;

	(void)state;
	start_running(&fake, &plain);
	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
		for (unsigned point = ranges[i][0]; point <= ranges[i][1]; point++, count++) {
			char bad[8] = "";

			put_utf8(bad, point);
			say(&fake, MESSAGE_INVALID, bad, bad);
		}
	for (unsigned byte = 0x80; byte < 0x100; byte++, count++) {
		text[0] = (char)byte;
		say(&fake, MESSAGE_INVALID, text, text);
	}
	fake_end(&fake, ENDED_EXITED, 0, "");
	assert_int_equal(fake_finish(&fake), 0);
	for (const char *at = fake.errors; *at != '\0'; at++) {
		assert_true(*at == '\n' || (*at >= ' ' && *at < 0x7f));
		count -= *at == '\n';
	}
	assert_int_equal(count, 0);
}

static void a_message_that_is_none_is_125(void **state)
{
	struct fake fake;

	(void)state;
	for (int type = 0; type <= 5; type += 5) {
		start_running(&fake, &plain);
		fake_send(&fake, PACKET_MESSAGE, "bss", type, "", "x");
		assert_int_equal(fake_finish(&fake), EXIT_GATEWAY);
	}
	start_running(&fake, &plain);
	fake_send(&fake, PACKET_MESSAGE, "bsss", MESSAGE_SUCCESS, "", "x", "y");
	assert_int_equal(fake_finish(&fake), EXIT_GATEWAY);
	start(&fake, &plain);
	say(&fake, MESSAGE_SUCCESS, "", "before the start");
	assert_int_equal(fake_finish(&fake), EXIT_GATEWAY);
}

static void a_message_on_a_raw_terminal_is_a_line_in_colour(void **state)
{
	struct fake fake;

	(void)state;
	start_running(&fake, &at_terminal);
	say(&fake, MESSAGE_SUCCESS, "", "done");
	say(&fake, MESSAGE_INVALID, "port", "no");
	fake_wait_for(&fake, "\x1b[32msuccess:\x1b[0m done\r\n");
	fake_wait_for(&fake, "\x1b[31minvalid port:\x1b[0m no\r\n");
	fake_end(&fake, ENDED_EXITED, 0, "");
	assert_int_equal(fake_finish(&fake), 0);
	assert_null(strstr(fake.output, "\r\r"));
	setenv("NO_COLOR", "1", 1);
	start_running(&fake, &at_terminal);
	unsetenv("NO_COLOR");
	say(&fake, MESSAGE_WARNING, "", "plain");
	fake_wait_for(&fake, "warning: plain\r\n");
	fake_end(&fake, ENDED_EXITED, 0, "");
	assert_int_equal(fake_finish(&fake), 0);
	assert_null(strchr(fake.output, '\x1b'));
}

static void a_refusal_is_one_line(void **state)
{
	struct fake fake;

	(void)state;
	start(&fake, &plain);
	fake_refuse(&fake, "value-not-allowed", "unit may be nginx.service only", "");
	assert_int_equal(fake_finish(&fake), EXIT_REFUSED);
	assert_string_equal(fake.errors,
		"rolegate: unit may be nginx.service only (value-not-allowed, request " FAKE_REQUEST
		")\n");
	assert_string_equal(fake.output, "");
	assert_false(*fake.lost);
}

/* R32 */
static void R32_nothing_that_a_terminal_obeys_is_shown(void **state)
{
	struct fake fake;

	(void)state;
	start(&fake, &plain);
	fake_refuse(&fake, "co\x1b]de", "a\x1b[2J\x07 line\nand\xc2\x9b more \xe2\x80\xae", "");
	assert_int_equal(fake_finish(&fake), EXIT_REFUSED);
	assert_null(strpbrk(fake.errors, "\x1b\x07\x9b"));
	assert_ptr_equal(strchr(fake.errors, '\n'), fake.errors + strlen(fake.errors) - 1);
	assert_non_null(strstr(fake.errors, "\\x1b[2J"));
}

static void a_long_refusal_keeps_its_code_and_request(void **state)
{
	static char detail[20000];
	struct fake fake;

	(void)state;
	memset(detail, 'd', sizeof(detail) - 1);
	start(&fake, &plain);
	fake_refuse(&fake, "limit", detail, "");
	assert_int_equal(fake_finish(&fake), EXIT_REFUSED);
	assert_non_null(strstr(fake.errors, "(limit, request " FAKE_REQUEST ")\n"));
}

static void advice_goes_with_two_reasons_alone(void **state)
{
	struct fake_client client = plain;
	struct fake fake;

	(void)state;
	client.options.advice = "no files here";
	start(&fake, &client);
	fake_refuse(&fake, "not-permitted", "scp is nothing that you may run", "");
	assert_int_equal(fake_finish(&fake), EXIT_REFUSED);
	assert_non_null(strstr(fake.errors, "may run; no files here (not-permitted, "));
	start(&fake, &client);
	fake_refuse(&fake, "syntax", "a pattern", "");
	assert_int_equal(fake_finish(&fake), EXIT_REFUSED);
	assert_non_null(strstr(fake.errors, "a pattern; no files here (syntax, "));
	start(&fake, &client);
	fake_refuse(&fake, "limit", "too long", "");
	assert_int_equal(fake_finish(&fake), EXIT_REFUSED);
	assert_null(strstr(fake.errors, "no files"));
}

static void json_is_the_last_line_on_stdout(void **state)
{
	struct fake_client client = plain;
	struct fake fake;

	(void)state;
	client.options.json = true;
	start(&fake, &client);
	assert_int_equal(packet_get_u32(&fake.packet), PACKET_FLAG_JSON);
	fake_refuse(&fake, "not-permitted", "no", "{\"decision\":\"deny\"}");
	assert_int_equal(fake_finish(&fake), EXIT_REFUSED);
	assert_string_equal(fake.output, "{\"decision\":\"deny\"}\n");
	assert_non_null(strstr(fake.errors, "(not-permitted, request "));

	fake_start(&fake, &client);
	fake_expect(&fake, PACKET_RUN);
	packet_get_u32(&fake.packet);
	packet_get_string(fake.arena, &fake.packet);
	/* The program writes to the descriptor that we were given. */
	assert_int_equal(write(fake.packet.descriptors[1], "output\n", 7), 7);
	fake_send(&fake, PACKET_STARTED, "s", FAKE_REQUEST);
	fake_end(&fake, ENDED_EXITED, 3, "{\"status\":3}");
	assert_int_equal(fake_finish(&fake), 3);
	assert_string_equal(fake.output, "output\n{\"status\":3}\n");
	assert_string_equal(fake.errors, "");
}

static void an_account_is_passed_on(void **state)
{
	struct fake_client client = plain;
	struct fake fake;

	(void)state;
	client.options.account = "svc-web";
	start(&fake, &client);
	packet_get_u32(&fake.packet);
	assert_string_equal(packet_get_string(fake.arena, &fake.packet), "svc-web");
	fake_hang_up(&fake);
	fake_finish(&fake);
}

static void expect_unanswered(struct fake *fake)
{
	fake_expect(fake, PACKET_REPLY);
	assert_int_equal(packet_get_u8(&fake->packet), 0);
	assert_string_equal(packet_get_string(fake->arena, &fake->packet), "");
	fake_refuse(fake, "authentication-failed", "authentication failed", "");
	assert_int_equal(fake_finish(fake), EXIT_REFUSED);
}

static void a_question_without_a_terminal_is_declined(void **state)
{
	struct fake fake;

	(void)state;
	start(&fake, &plain);
	fake_send(&fake, PACKET_PROMPT, "bs", PROMPT_ECHO_OFF, "Password: ");
	expect_unanswered(&fake);
}

static void no_prompt_never_asks(void **state)
{
	struct fake_client client = at_terminal;
	struct fake fake;

	(void)state;
	client.options.no_prompt = true;
	start(&fake, &client);
	assert_int_equal(packet_get_u32(&fake.packet), PACKET_FLAG_NO_PROMPT);
	fake_send(&fake, PACKET_PROMPT, "bs", PROMPT_ECHO_OFF, "Password: ");
	expect_unanswered(&fake);
	assert_null(strstr(fake.output, "Password"));
}

static bool echoes(int terminal)
{
	struct termios modes;

	assert_int_equal(tcgetattr(terminal, &modes), 0);
	return (modes.c_lflag & ECHO) != 0;
}

static void an_answer_is_hidden_and_sent(void **state)
{
	struct fake fake;

	(void)state;
	start(&fake, &at_terminal);
	fake_send(&fake, PACKET_PROMPT, "bs", PROMPT_INFO, "A code\x1b was sent\nto you");
	fake_send(&fake, PACKET_PROMPT, "bs", PROMPT_ECHO_OFF, "Code: ");
	fake_wait_for(&fake, "Code: ");
	assert_non_null(strstr(fake.output, "A code\\x1b was sent\r\nto you\r\n"));
	assert_false(echoes(fake.terminal));
	fake_type(&fake, "sesame\n");
	fake_expect(&fake, PACKET_REPLY);
	assert_int_equal(packet_get_u8(&fake.packet), 1);
	assert_string_equal(packet_get_string(fake.arena, &fake.packet), "sesame");
	assert_true(echoes(fake.terminal));
	fake_send(&fake, PACKET_PROMPT, "bs", PROMPT_ECHO_ON, "Name: ");
	fake_wait_for(&fake, "Name: ");
	assert_true(echoes(fake.terminal));
	fake_type(&fake, "dana\n");
	fake_expect(&fake, PACKET_REPLY);
	fake_send(&fake, PACKET_STARTED, "s", FAKE_REQUEST);
	fake_end(&fake, ENDED_EXITED, 0, "");
	assert_int_equal(fake_finish(&fake), 0);
	assert_null(strstr(fake.output, "sesame"));
}

/* What PAM asks of an approver: hidden, as for a run; the answer comes after it. */
static void an_approver_is_asked_on_the_terminal(void **state)
{
	static const char *const approve[] = { "approve", "3" };
	struct fake_client client = { .ask = PACKET_APPROVAL,
		.options = { .interruptible = true },
		.words = approve,
		.count = 2,
		.terminal = true };
	struct fake fake;

	(void)state;
	fake_start(&fake, &client);
	fake_expect(&fake, PACKET_APPROVAL);
	assert_int_equal(packet_get_u32(&fake.packet), 0);
	fake_send(&fake, PACKET_PROMPT, "bs", PROMPT_ECHO_OFF, "Password: ");
	fake_wait_for(&fake, "Password: ");
	assert_false(echoes(fake.terminal));
	fake_type(&fake, "sesame\n");
	fake_expect(&fake, PACKET_REPLY);
	assert_int_equal(packet_get_u8(&fake.packet), 1);
	assert_string_equal(packet_get_string(fake.arena, &fake.packet), "sesame");
	fake_send(&fake, PACKET_ANSWER, "bis", 0, 0, "approved");
	fake_wait_for(&fake, "approved");
	assert_null(strstr(fake.output, "sesame"));
	assert_true(echoes(fake.terminal));
	assert_int_equal(fake_finish(&fake), 0);
	/* ^C declines; without a terminal, or with -n, nobody is asked. */
	fake_start(&fake, &client);
	fake_expect(&fake, PACKET_APPROVAL);
	fake_send(&fake, PACKET_PROMPT, "bs", PROMPT_ECHO_OFF, "Password: ");
	fake_wait_for(&fake, "Password: ");
	fake_type(&fake, "ses\003");
	expect_unanswered(&fake);
	for (int terminal = 0; terminal <= 1; terminal++) {
		client.terminal = client.options.no_prompt = terminal != 0;
		fake_start(&fake, &client);
		fake_expect(&fake, PACKET_APPROVAL);
		fake_send(&fake, PACKET_PROMPT, "bs", PROMPT_ECHO_OFF, "Password: ");
		expect_unanswered(&fake);
		assert_null(strstr(fake.output, "Password"));
	}
}

static void an_interrupted_question_is_declined(void **state)
{
	struct fake fake;

	(void)state;
	start(&fake, &at_terminal);
	fake_send(&fake, PACKET_PROMPT, "bs", PROMPT_ECHO_OFF, "Password: ");
	fake_wait_for(&fake, "Password: ");
	fake_type(&fake, "half\x03");
	fake_expect(&fake, PACKET_REPLY);
	assert_int_equal(packet_get_u8(&fake.packet), 0);
	assert_true(echoes(fake.terminal));
	fake_refuse(&fake, "authentication-failed", "authentication failed", "");
	assert_int_equal(fake_finish(&fake), EXIT_REFUSED);
}

static void an_endless_answer_is_declined(void **state)
{
	static char answer[900];
	struct fake fake;

	(void)state;
	memset(answer, 'a', sizeof(answer) - 2);
	answer[sizeof(answer) - 2] = '\n';
	start(&fake, &at_terminal);
	fake_send(&fake, PACKET_PROMPT, "bs", PROMPT_ECHO_OFF, "Password: ");
	fake_wait_for(&fake, "Password: ");
	fake_type(&fake, answer);
	fake_expect(&fake, PACKET_REPLY);
	assert_int_equal(packet_get_u8(&fake.packet), 0);
	fake_hang_up(&fake);
	assert_int_equal(fake_finish(&fake), EXIT_GATEWAY);
}

/* The gateway's patience ended first. */
static void a_refusal_overtakes_a_question(void **state)
{
	struct fake fake;

	(void)state;
	start(&fake, &at_terminal);
	fake_send(&fake, PACKET_PROMPT, "bs", PROMPT_ECHO_OFF, "Password: ");
	fake_wait_for(&fake, "Password: ");
	fake_refuse(&fake, "authentication-failed", "no answer in time", "");
	fake_wait_for(&fake, "no answer in time");
	assert_true(echoes(fake.terminal));
	assert_int_equal(fake_finish(&fake), EXIT_REFUSED);
}

static bool is_raw(int terminal)
{
	struct termios modes;

	assert_int_equal(tcgetattr(terminal, &modes), 0);
	return (modes.c_lflag & (ICANON | ISIG | ECHO)) == 0;
}

static void a_terminal_is_relayed_and_given_back(void **state)
{
	struct winsize size = { .ws_row = 12, .ws_col = 34 };
	struct packet_window window;
	struct fake fake;
	size_t length;

	(void)state;
	start_running(&fake, &at_terminal);
	fake_send(&fake, PACKET_OUTPUT, "s", "\x1b[1mready\x1b[m");
	fake_wait_for(&fake, "\x1b[1mready\x1b[m");
	assert_true(is_raw(fake.terminal));
	fake_type(&fake, "\x03\x1a");
	fake_expect(&fake, PACKET_INPUT);
	assert_memory_equal(packet_get_bytes(&fake.packet, &length), "\x03\x1a", 2);
	assert_int_equal(length, 2);
	assert_int_equal(ioctl(fake.terminal, TIOCSWINSZ, &size), 0);
	fake_expect(&fake, PACKET_WINDOW);
	window = packet_get_window(&fake.packet);
	assert_int_equal(window.rows, 12);
	assert_int_equal(window.columns, 34);
	fake_end(&fake, ENDED_EXITED, 5, "");
	assert_int_equal(fake_finish(&fake), 5);
}

static void the_terminal_is_given_back_when_the_gateway_dies(void **state)
{
	struct fake fake;

	(void)state;
	start_running(&fake, &at_terminal);
	fake_send(&fake, PACKET_OUTPUT, "s", "ready");
	fake_wait_for(&fake, "ready");
	assert_true(is_raw(fake.terminal));
	fake_hang_up(&fake);
	fake_wait_for(&fake, "closed the connection");
	assert_false(is_raw(fake.terminal));
	assert_int_equal(fake_finish(&fake), EXIT_GATEWAY);
}

/* R16: nobody is left to see it. */
static void R16_a_lost_terminal_ends_the_client(void **state)
{
	struct fake fake;

	(void)state;
	start_running(&fake, &at_terminal);
	fake_send(&fake, PACKET_OUTPUT, "s", "ready");
	fake_wait_for(&fake, "ready");
	close(fake.terminal);
	fake.terminal = -1;
	fake_expect(&fake, PACKET_SIGNAL);
	assert_int_equal(packet_get_u32(&fake.packet), SIGHUP);
	/* Its session's leader is hung up as well. */
	assert_int_not_equal(fake_finish(&fake), 0);
}

static void signals_are_passed_on(void **state)
{
	static const int numbers[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2 };
	struct fake fake;

	(void)state;
	start_running(&fake, &plain);
	/* Until it has seen STARTED, a signal ends it. */
	usleep(100000);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		assert_int_equal(kill(fake.client, numbers[i]), 0);
		fake_expect(&fake, PACKET_SIGNAL);
		assert_int_equal(packet_get_u32(&fake.packet), numbers[i]);
		assert_true(packet_done(&fake.packet));
	}
	fake_end(&fake, ENDED_SIGNALLED, SIGTERM, "");
	assert_int_equal(fake_finish(&fake), 128 + SIGTERM);
	assert_false(*fake.lost);
}

static void a_signal_before_the_start_ends_it(void **state)
{
	struct fake fake;

	(void)state;
	start(&fake, &plain);
	assert_int_equal(kill(fake.client, SIGTERM), 0);
	assert_int_equal(fake_finish(&fake), 128 + SIGTERM);
	assert_true(*fake.lost);
}

static void a_stop_that_nobody_could_end_is_continued(void **state)
{
	struct fake fake;

	(void)state;
	start_running(&fake, &plain);
	fake_send(&fake, PACKET_STOPPED, "i", SIGTSTP);
	/* The client leads a session here: its group is an orphaned one. */
	fake_expect(&fake, PACKET_CONTINUE);
	assert_true(packet_done(&fake.packet));
	fake_end(&fake, ENDED_EXITED, 0, "");
	assert_int_equal(fake_finish(&fake), 0);
}

static void expect_lost(struct fake *fake)
{
	assert_int_equal(fake_finish(fake), EXIT_GATEWAY);
	assert_true(*fake->lost);
	assert_memory_equal(fake->errors, "rolegate: ", 10);
}

static void a_gateway_that_vanishes_is_125(void **state)
{
	struct fake fake;

	(void)state;
	fake_start(&fake, &plain);
	fake_hang_up(&fake); /* before it has read anything */
	expect_lost(&fake);
	start(&fake, &plain);
	fake_hang_up(&fake);
	expect_lost(&fake);
	start(&fake, &plain);
	fake_send(&fake, PACKET_PROMPT, "bs", PROMPT_ECHO_OFF, "Password: ");
	fake_hang_up(&fake);
	expect_lost(&fake);
	start_running(&fake, &plain);
	fake_hang_up(&fake);
	expect_lost(&fake);
	start_running(&fake, &plain);
	fake_send(&fake, PACKET_STOPPED, "i", SIGTSTP);
	fake_hang_up(&fake);
	expect_lost(&fake);
}

/* It said why, and closed with our request still unread. */
static void last_words_are_read(void **state)
{
	struct fake fake;

	(void)state;
	for (int sent = 0; sent < 2; sent++) {
		fake_start(&fake, &plain);
		if (sent)
			fake_wait_unread(&fake);
		fake_refuse(&fake, "limit", "too many sessions", "");
		fake_hang_up(&fake);
		assert_int_equal(fake_finish(&fake), EXIT_REFUSED);
		assert_non_null(strstr(fake.errors, "too many sessions (limit, "));
	}
}

static void what_is_not_the_protocol_is_125(void **state)
{
	static const struct {
		bool started;
		size_t length;
		const char *bytes;
	} packets[] = {
		{ false, 1, "\x01" },                                      /* half a header */
		{ false, 4, "\x02\x00\x41\x00" },                          /* another version */
		{ false, 4, "\x01\x00\xff\x00" },                          /* no such type */
		{ false, 4, "\x01\x00\x01\x00" },                          /* a client's type */
		{ false, 4, "\x01\x00\x41\x00" },                          /* STARTED without its request */
		{ false, 8, "\x01\x00\x41\x00\xff\xff\xff\xff" },          /* longer than it is */
		{ false, 9, "\x01\x00\x41\x00\x00\x00\x00\x00\x00" },      /* a byte too many */
		{ false, 9, "\x01\x00\x41\x00\x01\x00\x00\x00\x00" },      /* NUL in a string */
		{ false, 8, "\x01\x00\x43\x00\x14\x00\x00\x00" },          /* STOPPED before it started */
		{ false, 8, "\x01\x00\x42\x00\x00\x00\x00\x00" },          /* OUTPUT before it started */
		{ false, 9, "\x01\x00\x45\x00\x09\x00\x00\x00\x00" },      /* no such style of question */
		{ true, 8, "\x01\x00\x41\x00\x00\x00\x00\x00" },           /* STARTED twice */
		{ true, 8, "\x01\x00\x42\x00\x00\x00\x00\x00" },           /* OUTPUT without a pty */
		{ true, 20, "\x01\x00\x44\x00\x09\x00\x00\x00\x00\x00\x00\x00\0\0\0\0\0\0\0\0" }, /* kind */
		{ true, 20, "\x01\x00\x44\x00\x01\x00\x00\x00\x00\x01\x00\x00\0\0\0\0\0\0\0\0" }, /* 256 */
		{ true, 20, "\x01\x00\x44\x00\x02\x00\x00\x00\x00\x00\x00\x00\0\0\0\0\0\0\0\0" }, /* signal 0 */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(packets) / sizeof(packets[0]); i++) {
		struct fake fake;

		if (packets[i].started)
			start_running(&fake, &plain);
		else
			start(&fake, &plain);
		fake_send_raw(&fake, packets[i].bytes, packets[i].length);
		fake_hang_up(&fake);
		expect_lost(&fake);
		assert_non_null(strstr(fake.errors, "not the protocol"));
	}
}

static void R15_a_descriptor_from_the_gateway_is_refused(void **state)
{
	struct packet_writer writer;
	struct fake fake;
	int fd = 0;

	(void)state;
	start(&fake, &plain);
	packet_start(fake.arena, &writer, PACKET_STARTED);
	packet_put_string(&writer, FAKE_REQUEST);
	assert_int_equal(packet_send(fake.socket, &writer, &fd, 1), 0);
	fake_hang_up(&fake);
	expect_lost(&fake);
	assert_non_null(strstr(fake.errors, "not the protocol"));
}

/* The gateway is told its size and its first word, and refuses it. */
static void expect_oversize(
	const struct fake_client *client, uint32_t count, uint32_t bytes, size_t shown)
{
	struct fake fake;

	fake_start(&fake, client);
	fake_expect(&fake, PACKET_OVERSIZE);
	assert_int_equal(packet_get_u32(&fake.packet), 0);
	assert_int_equal(packet_get_u32(&fake.packet), count);
	assert_int_equal(packet_get_u32(&fake.packet), bytes);
	assert_int_equal(strlen(packet_get_string(fake.arena, &fake.packet)), shown);
	assert_true(packet_done(&fake.packet));
	fake_refuse(&fake, "limit", "more than one may have", "");
	assert_int_equal(fake_finish(&fake), EXIT_REFUSED);
	assert_non_null(strstr(fake.errors, "more than one may have (limit, request "));
}

static void what_is_too_long_is_not_sent(void **state)
{
	static char word[PACKET_MAX];
	static const char *many[PACKET_WORDS_MAX + 1];
	const char *const one[] = { word };
	struct fake_client client = { .words = one, .count = 1 };

	(void)state;
	memset(word, 'w', sizeof(word) - 1);
	memcpy(word + 255, "\303\251", 2);
	expect_oversize(&client, 1, PACKET_MAX, 255);
	client.ask = PACKET_CHECK;
	expect_oversize(&client, 1, PACKET_MAX, 255);
	for (size_t i = 0; i <= PACKET_WORDS_MAX; i++)
		many[i] = "w";
	client = (struct fake_client){ .words = many, .count = PACKET_WORDS_MAX + 1 };
	expect_oversize(&client, PACKET_WORDS_MAX + 1, 2 * (PACKET_WORDS_MAX + 1), 1);
	client.ask = PACKET_DESCRIBE;
	expect_oversize(&client, PACKET_WORDS_MAX + 1, 2 * (PACKET_WORDS_MAX + 1), 1);
}

static void an_answer_comes_in_parts(void **state)
{
	struct fake_client client = { .ask = PACKET_LIST, .options = { .json = true } };
	struct fake fake;

	(void)state;
	fake_start(&fake, &client);
	fake_expect(&fake, PACKET_LIST);
	assert_int_equal(packet_get_u32(&fake.packet), PACKET_FLAG_JSON);
	assert_string_equal(packet_get_string(fake.arena, &fake.packet), "");
	assert_true(packet_done(&fake.packet));
	fake_send(&fake, PACKET_ANSWER, "bis", 1, 0, "one ");
	fake_send(&fake, PACKET_ANSWER, "bis", 1, 0, "");
	fake_send(&fake, PACKET_ANSWER, "bis", 0, 3, "two");
	assert_int_equal(fake_finish(&fake), 3);
	assert_string_equal(fake.output, "one two\n");
	assert_string_equal(fake.errors, "");
}

static void a_dry_run_sends_the_account(void **state)
{
	struct fake_client client = { .ask = PACKET_CHECK,
		.options = { .account = "svc-web", .act_as = "lena", .pipeline = FAKE_REQUEST },
		.words = words,
		.count = 3 };
	struct fake fake;
	size_t count = 0;

	(void)state;
	fake_start(&fake, &client);
	fake_expect(&fake, PACKET_CHECK);
	packet_get_u32(&fake.packet);
	assert_string_equal(packet_get_string(fake.arena, &fake.packet), "svc-web");
	assert_string_equal(packet_get_string(fake.arena, &fake.packet), "lena");
	assert_string_equal(packet_get_string(fake.arena, &fake.packet), FAKE_REQUEST);
	packet_get_words(fake.arena, &fake.packet, &count);
	assert_int_equal(count, 3);
	assert_true(packet_done(&fake.packet));
	fake_refuse(&fake, "no-role", "nothing is yours", "{}");
	assert_int_equal(fake_finish(&fake), EXIT_REFUSED);
	assert_string_equal(fake.output, "{}\n");
	assert_non_null(strstr(fake.errors, "(no-role, request "));
}

static void an_unfinished_answer_is_125(void **state)
{
	struct fake_client client = { .ask = PACKET_DESCRIBE, .words = words, .count = 1 };
	struct fake fake;

	(void)state;
	fake_start(&fake, &client);
	fake_expect(&fake, PACKET_DESCRIBE);
	fake_send(&fake, PACKET_ANSWER, "bis", 1, 0, "half of ");
	fake_hang_up(&fake);
	expect_lost(&fake);
	assert_string_equal(fake.output, "");
	fake_start(&fake, &client);
	fake_expect(&fake, PACKET_DESCRIBE);
	fake_send(&fake, PACKET_ANSWER, "bi", 0, 0);
	expect_lost(&fake);
	fake_start(&fake, &client);
	fake_expect(&fake, PACKET_DESCRIBE);
	fake_send(&fake, PACKET_STARTED, "s", FAKE_REQUEST);
	expect_lost(&fake);
}

static void an_endpoint_is_a_name_or_a_path(void **state)
{
	static const char *const bad[] = { "", "../x", "a/b", "a b", "a\nb" };
	int saved = dup(STDERR_FILENO), nothing = open("/dev/null", O_WRONLY);

	(void)state;
	dup2(nothing, STDERR_FILENO);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(client_connect(bad[i]), -1);
	assert_int_equal(client_connect("/nonexistent/rolegate.sock"), -1);
	dup2(saved, STDERR_FILENO);
	close(saved);
	close(nothing);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(R20_a_request_says_what_and_not_who),
		cmocka_unit_test(a_terminal_is_described_and_kept),
		cmocka_unit_test(a_terminal_before_a_pipe_is_not_read),
		cmocka_unit_test(the_status_is_the_commands_own),
		cmocka_unit_test(a_signal_is_128_and_its_number),
		cmocka_unit_test(a_timeout_is_124_and_said),
		cmocka_unit_test(a_refusal_is_one_line),
		cmocka_unit_test(R32_nothing_that_a_terminal_obeys_is_shown),
		cmocka_unit_test(what_a_function_says_is_shown),
		cmocka_unit_test(with_json_nothing_is_shown_of_it),
		cmocka_unit_test(R32_nothing_of_it_is_obeyed_by_a_terminal),
		cmocka_unit_test(a_message_that_is_none_is_125),
		cmocka_unit_test(a_message_on_a_raw_terminal_is_a_line_in_colour),
		cmocka_unit_test(a_long_refusal_keeps_its_code_and_request),
		cmocka_unit_test(advice_goes_with_two_reasons_alone),
		cmocka_unit_test(json_is_the_last_line_on_stdout),
		cmocka_unit_test(an_account_is_passed_on),
		cmocka_unit_test(a_question_without_a_terminal_is_declined),
		cmocka_unit_test(no_prompt_never_asks),
		cmocka_unit_test(an_answer_is_hidden_and_sent),
		cmocka_unit_test(an_approver_is_asked_on_the_terminal),
		cmocka_unit_test(an_interrupted_question_is_declined),
		cmocka_unit_test(an_endless_answer_is_declined),
		cmocka_unit_test(a_refusal_overtakes_a_question),
		cmocka_unit_test(a_terminal_is_relayed_and_given_back),
		cmocka_unit_test(the_terminal_is_given_back_when_the_gateway_dies),
		cmocka_unit_test(R16_a_lost_terminal_ends_the_client),
		cmocka_unit_test(signals_are_passed_on),
		cmocka_unit_test(a_signal_before_the_start_ends_it),
		cmocka_unit_test(a_stop_that_nobody_could_end_is_continued),
		cmocka_unit_test(a_gateway_that_vanishes_is_125),
		cmocka_unit_test(last_words_are_read),
		cmocka_unit_test(what_is_not_the_protocol_is_125),
		cmocka_unit_test(R15_a_descriptor_from_the_gateway_is_refused),
		cmocka_unit_test(what_is_too_long_is_not_sent),
		cmocka_unit_test(an_answer_comes_in_parts),
		cmocka_unit_test(a_dry_run_sends_the_account),
		cmocka_unit_test(an_unfinished_answer_is_125),
		cmocka_unit_test(an_endpoint_is_a_name_or_a_path),
	};

	signal(SIGPIPE, SIG_IGN);
	/* Who is started in the background is given them ignored, and so would be our clients. */
	signal(SIGINT, SIG_DFL);
	signal(SIGQUIT, SIG_DFL);
	signal(SIGHUP, SIG_DFL);
	return cmocka_run_group_tests_name("client", tests, NULL, NULL);
}
