/*
 * R36: the queue against a model of it, over random events of several persons; against the table of
 * edges, with several processes at once; and against kill -9 at any time.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/fd.h"
#include "queue-fixture.h"
#include "random.h"

enum {
	SUBJECTS = 8, /* three functions of two contents each, and two commands */
	ENTRIES = 60000,
	MODEL_STEPS = 12000,
	RACERS = 8,
	RACER_STEPS = 800, /* of each */
	KILLS = 150,
};

static struct queue_fixture *fixture_of(void **state)
{
	struct queue_fixture *fixture = *state;

	if (fixture->base[0] == '\0')
		skip();
	return fixture;
}

static struct approval_subject subject_of(struct queue_fixture *fixture, size_t index)
{
	static const char *const names[] = {"f", "f", "g", "g", "h", "h"};
	static const char *const texts[] = {"true\n", "false\n"};
	struct approval_subject subject;

	if (index >= 6)
		return queue_command(fixture, index == 6 ? "rm a" : "rm b");
	subject = queue_function(fixture, names[index], texts[index % 2]);
	subject.decided_by.approvers = index >= 4 ? 2 : 1;
	return subject;
}

static struct approval_rule rule_of(size_t index)
{
	struct approval_rule rule = queue_rule;

	rule.approvers = index >= 4 && index < 6 ? 2 : 1;
	return rule;
}

/* dana is not of the group; erin as root is erin. */
static int human(enum queue_who who)
{
	return who == ROOT_ERIN ? ERIN : (int)who;
}

/* What an entry has to be, told by nothing but the calls. */
struct model_entry {
	size_t subject;
	enum queue_who person; /* commands are one person's */
	enum approval_state state;
	unsigned askers, voters; /* bits of humans */
	time_t lasts, expires;
	bool once;
	unsigned long tries;
};

struct model {
	struct queue_fixture *fixture;
	struct model_entry *entries; /* by number */
	unsigned long count;
	uint64_t random;
	enum approval_state told[ENTRIES]; /* by the recorder */
};

/* A command that erin asks for as root has another key than hers: another uid. */
static bool is_of(const struct model_entry *entry, size_t subject, enum queue_who who)
{
	return entry->subject == subject && (subject < 6 || entry->person == who);
}

static unsigned long alive(const struct model *model, size_t subject, enum queue_who who)
{
	for (unsigned long number = model->count; number > 0; number--)
		if (is_of(&model->entries[number], subject, who))
			return approval_is_final(model->entries[number].state) ? 0 : number;
	return 0;
}

static enum approval_state last_state(const struct model *model, size_t subject, enum queue_who who)
{
	for (unsigned long number = model->count; number > 0; number--)
		if (is_of(&model->entries[number], subject, who))
			return model->entries[number].state;
	return APPROVAL_NONE;
}

static int told(void *context, const struct approval_entry *entry, enum approval_event event,
	const struct approval_person *person)
{
	struct model *model = context;

	(void)person;
	assert_in_range(entry->number, 1, ENTRIES - 1);
	assert_int_equal(approval_next(model->told[entry->number], event), entry->state);
	assert_false(approval_is_final(model->told[entry->number]));
	model->told[entry->number] = entry->state;
	return 0;
}

static void model_ask(struct model *model, size_t subject, enum queue_who who)
{
	struct approval_subject asked = subject_of(model->fixture, subject);
	bool use = random_below(&model->random, 4) > 0;
	enum approval_state expected;
	struct approval_entry entry;
	unsigned long number;
	int result = queue_ask(model->fixture, &asked, who, use, &entry);

	for (unsigned long i = 1; subject < 6 && i <= model->count; i++)
		if (model->entries[i].subject == (subject ^ 1) &&
			model->entries[i].state == APPROVAL_APPROVED)
			model->entries[i].state = APPROVAL_REVOKED;
	number = alive(model, subject, who);
	if (number > 0 && model->entries[number].state == APPROVAL_APPROVED &&
		model->entries[number].expires > 0 && model->entries[number].expires <= queue_now())
		model->entries[number].state = APPROVAL_EXPIRED;
	expected = last_state(model, subject, who);
	assert_int_equal(result, expected);
	if (expected == APPROVAL_APPROVED && use && model->entries[number].once)
		model->entries[number].state = APPROVAL_USED;
}

static void model_request(struct model *model, size_t subject, enum queue_who who)
{
	struct approval_subject asked = subject_of(model->fixture, subject);
	unsigned long number = alive(model, subject, who);

	if (number == 0) {
		number = ++model->count;
		model->entries[number] = (struct model_entry){
			.subject = subject, .person = who, .state = APPROVAL_PENDING};
	}
	if (model->entries[number].state == APPROVAL_PENDING) {
		model->entries[number].askers |= 1U << human(who);
		model->entries[number].tries++;
	}
	assert_int_equal(queue_request(model->fixture, &asked, who), number);
}

static void expire_due(struct model *model)
{
	for (unsigned long i = 1; i <= model->count; i++)
		if (model->entries[i].state == APPROVAL_APPROVED && model->entries[i].expires > 0 &&
			model->entries[i].expires <= queue_now())
			model->entries[i].state = APPROVAL_EXPIRED;
}

/* What approving has to give: 0, or an errno. */
static int model_approve(
	struct model_entry *entry, enum queue_who who, const struct approval_decision *decision)
{
	unsigned needed = rule_of(entry->subject).approvers;

	if (who == DANA)
		return EPERM;
	if (entry->state != APPROVAL_PENDING)
		return EINVAL;
	if (entry->askers & 1U << human(who))
		return EPERM;
	if (entry->voters & 1U << human(who))
		return EALREADY;
	entry->voters |= 1U << human(who);
	entry->once |= decision->once;
	if (decision->lasts > 0 && (entry->lasts == 0 || decision->lasts < entry->lasts))
		entry->lasts = decision->lasts;
	if ((unsigned)__builtin_popcount(entry->voters & ~entry->askers) < needed)
		return 0;
	entry->state = APPROVAL_APPROVED;
	entry->expires = entry->lasts > 0 ? queue_now() + entry->lasts : 0;
	return 0;
}

static int model_end(struct model_entry *entry, enum queue_who who, bool reject)
{
	if (who == DANA)
		return EPERM;
	if (entry->state != (reject ? APPROVAL_PENDING : APPROVAL_APPROVED))
		return EINVAL;
	entry->state = reject ? APPROVAL_REJECTED : APPROVAL_REVOKED;
	return 0;
}

static void model_decide(struct model *model, enum queue_who who)
{
	unsigned long recent = model->count < 12 ? model->count : 12;
	unsigned long number;
	struct approval_decision decision = {.reason = "ticket 7"};
	struct approval_rule rule;
	struct model_entry *entry;
	size_t kind = random_below(&model->random, 10);
	int expected, result;

	if (model->count == 0)
		return;
	number = model->count - random_below(&model->random, recent);
	entry = &model->entries[number];
	rule = rule_of(entry->subject);
	decision.number = number;
	decision.now = &rule;
	decision.reject = kind == 0;
	decision.revoke = kind == 1;
	decision.once = random_below(&model->random, 3) == 0;
	/* Odd, so that no clock of whole steps meets an end to the second. */
	decision.lasts = random_below(&model->random, 3) == 0 ? 1801 : 0;
	result = queue_decide(model->fixture, &decision, who) == 0 ? 0 : errno;
	expected =
		kind > 1 ? model_approve(entry, who, &decision) : model_end(entry, who, kind == 0);
	if (result != expected)
		fail_msg("number %lu, by %d: %d and not %d: %s", number, (int)who, result, expected,
			model->fixture->complaint);
}

static void compare(struct model *model)
{
	for (unsigned long number = 1; number <= model->count; number++) {
		struct approval_entry entry;

		assert_int_equal(approvals_get(model->fixture->approvals, number, &entry,
					 &model->fixture->complaint),
			0);
		assert_int_equal(entry.state, model->entries[number].state);
		assert_int_equal(entry.state, model->told[number]);
		assert_int_equal(entry.tries, model->entries[number].tries);
	}
}

static void step(struct model *model)
{
	enum queue_who who = (enum queue_who)random_below(&model->random, QUEUE_PERSONS);
	size_t subject = random_below(&model->random, SUBJECTS), event;

	event = random_below(&model->random, 100);
	if (event < 30)
		model_ask(model, subject, who);
	else if (event < 60)
		model_request(model, subject, who);
	else if (event < 98) {
		/* A decision that is refused undoes what it found to be over, too. */
		bool due = false;

		for (unsigned long i = 1; i <= model->count; i++)
			due |= model->entries[i].state == APPROVAL_APPROVED &&
			       model->entries[i].expires > 0 &&
			       model->entries[i].expires <= queue_now();
		if (due) { /* by one that is not refused */
			struct approval_subject asked = queue_command(model->fixture,
				arena_printf(model->fixture->arena, "rm due %lu", model->count));
			unsigned long number = queue_request(model->fixture, &asked, DANA);
			struct approval_decision decision = {.number = number,
				.reason = "x",
				.now = &queue_rule,
				.reject = true};

			assert_int_equal(number, ++model->count);
			model->entries[number] = (struct model_entry){.subject = 99,
				.person = DANA,
				.state = APPROVAL_REJECTED,
				.tries = 1};
			assert_int_equal(queue_decide(model->fixture, &decision, GRACE), 0);
			expire_due(model);
		}
		model_decide(model, who);
	} else {
		queue_clock_offset += 600;
	}
}

static void test_R36_every_event_does_what_the_model_says(void **state)
{
	struct model *model = calloc(1, sizeof(*model));

	model->fixture = fixture_of(state);
	model->entries = calloc(ENTRIES, sizeof(*model->entries));
	model->random = 20261128;
	approvals_recorder(model->fixture->approvals, told, model);
	for (int i = 0; i < MODEL_STEPS; i++) {
		step(model);
		if (i % 3000 == 2999)
			compare(model);
	}
	compare(model);
	assert_true(model->count > 100);
	free(model->entries);
	free(model);
}

/* One edge, as the recorder was told it: in the order of the transactions. */
struct edge {
	unsigned number, state, event, human, once, needed;
};

struct race {
	int log;
	unsigned *
		runs; /* shared: asks that were told "approved", by number, of those good for one */
};

static int log_edge(void *context, const struct approval_entry *entry, enum approval_event event,
	const struct approval_person *person)
{
	const struct race *race = context;
	struct edge edge = {(unsigned)entry->number, entry->state, event, person->login_uid - 1001,
		entry->once, entry->decided_by.approvers};

	return write(race->log, &edge, sizeof(edge)) == sizeof(edge) ? 0 : -1;
}

/* Who waited too long for a turn, on a busy machine, has done nothing, and that is all right. */
static void check_turn(const struct queue_fixture *fixture)
{
	if (errno != EBUSY)
		fail_msg("%s", fixture->complaint);
}

static void race_decide(struct queue_fixture *fixture, uint64_t *random, enum queue_who who)
{
	struct approval_entry *entries;
	struct approval_decision decision = {.reason = "ticket 7"};
	struct approval_rule rule = queue_rule;
	size_t count, kind = random_below(random, 8);

	if (approvals_list(fixture->approvals, APPROVAL_NONE, 0, 6, &entries, &count,
		    &fixture->complaint) != 0) {
		check_turn(fixture);
		return;
	}
	if (count == 0)
		return;
	decision.number = entries[random_below(random, count)].number;
	decision.reject = kind == 0;
	decision.revoke = kind == 1;
	decision.once = random_below(random, 2) == 0;
	decision.now = &rule;
	if (queue_decide(fixture, &decision, who) < 0 && errno != EPERM && errno != EINVAL &&
		errno != EALREADY)
		check_turn(fixture);
}

static void race_step(struct queue_fixture *fixture, const struct race *race, uint64_t *random)
{
	enum queue_who who = (enum queue_who)random_below(random, QUEUE_PERSONS);
	struct approval_subject subject = subject_of(fixture, random_below(random, SUBJECTS));
	struct approval_entry entry;
	size_t event = random_below(random, 3);

	if (event == 0) {
		int result = queue_ask(fixture, &subject, who, true, &entry);

		if (result < 0)
			check_turn(fixture);
		if (result == APPROVAL_APPROVED && entry.once)
			__atomic_add_fetch(&race->runs[entry.number], 1, __ATOMIC_SEQ_CST);
	} else if (event == 1) {
		if (queue_request(fixture, &subject, who) == 0)
			check_turn(fixture);
	} else {
		race_decide(fixture, random, who);
	}
}

static void racer(struct queue_fixture *fixture, const struct race *race, unsigned seed)
{
	uint64_t random = seed * 7919 + 1;

	fixture->arena = arena_new();
	fixture->approvals = approvals_open(fixture->arena, true, &fixture->complaint);
	if (fixture->approvals == NULL)
		_exit(3);
	approvals_recorder(fixture->approvals, log_edge, (void *)(uintptr_t)race);
	for (int i = 0; i < RACER_STEPS; i++)
		race_step(fixture, race, &random);
	approvals_close(fixture->approvals);
	_exit(0);
}

static void wait_for(pid_t child)
{
	int status;

	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

struct checked {
	enum approval_state state;
	unsigned askers, voters, uses, needed;
	bool once;
};

static void check_edge(struct checked *entry, const struct edge *edge)
{
	unsigned bit = 1U << edge->human;

	assert_int_equal(approval_next(entry->state, edge->event), edge->state);
	entry->state = edge->state;
	entry->once = edge->once != 0;
	entry->needed = edge->needed;
	if (edge->event == APPROVAL_REQUEST)
		entry->askers |= bit;
	if (edge->event == APPROVAL_VOTE || edge->event == APPROVAL_APPROVE) {
		assert_int_equal(entry->voters & bit, 0);
		assert_int_equal(entry->askers & bit, 0);
		assert_int_not_equal(edge->human, DANA);
		entry->voters |= bit;
	}
	if (edge->event == APPROVAL_APPROVE)
		assert_true((unsigned)__builtin_popcount(entry->voters & ~entry->askers) >=
			    entry->needed);
	entry->uses += edge->event == APPROVAL_USE;
}

static unsigned long check_log(
	struct queue_fixture *fixture, const struct race *race, const char *path)
{
	struct checked *entries = calloc(ENTRIES, sizeof(*entries));
	_cleanup_fd_ int log = open(path, O_RDONLY | O_CLOEXEC);
	unsigned long last = 0, uses = 0;
	struct edge edge;

	while (read(log, &edge, sizeof(edge)) == sizeof(edge)) {
		assert_in_range(edge.number, 1, ENTRIES - 1);
		check_edge(&entries[edge.number], &edge);
		last = edge.number > last ? edge.number : last;
	}
	for (unsigned long number = 1; number <= last; number++) {
		assert_int_equal(queue_state(fixture, number), entries[number].state);
		assert_true(entries[number].uses <= 1);
		assert_int_equal(race->runs[number], entries[number].uses);
		uses += entries[number].uses;
	}
	free(entries);
	assert_true(uses > 10);
	return last;
}

static void test_R36_racing_processes_take_the_edges_of_the_table(void **state)
{
	struct queue_fixture *fixture = fixture_of(state);
	const char *path = arena_printf(fixture->arena, "%s/edges", fixture->base);
	struct race race = {.log = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)};
	pid_t children[RACERS];

	assert_true(race.log >= 0);
	race.runs = mmap(NULL, ENTRIES * sizeof(*race.runs), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(race.runs, MAP_FAILED);
	approvals_close(fixture->approvals);
	fixture->approvals = NULL;
	for (unsigned i = 0; i < RACERS; i++) {
		children[i] = fork();
		assert_true(children[i] >= 0);
		if (children[i] == 0)
			racer(fixture, &race, i + 1);
	}
	for (unsigned i = 0; i < RACERS; i++)
		wait_for(children[i]);
	queue_open(fixture);
	assert_true(check_log(fixture, &race, path) > 50);
	munmap(race.runs, ENTRIES * sizeof(*race.runs));
	close(race.log);
}

static void test_R36_of_many_that_ask_at_once_one_runs(void **state)
{
	struct queue_fixture *fixture = fixture_of(state);
	struct approval_decision decision = {.once = true, .reason = "x", .now = &queue_rule};

	for (int round = 0; round < 40; round++) {
		struct approval_subject subject =
			queue_command(fixture, arena_printf(fixture->arena, "rm round %d", round));
		struct approval_entry entry;
		pid_t children[RACERS];
		int gate[2], winners = 0, status;

		decision.number = queue_request(fixture, &subject, DANA);
		assert_int_equal(queue_decide(fixture, &decision, ERIN), 0);
		assert_int_equal(pipe(gate), 0);
		for (int i = 0; i < RACERS; i++)
			if ((children[i] = fork()) == 0) {
				char byte;

				close(gate[1]);
				fixture->approvals =
					approvals_open(fixture->arena, true, &fixture->complaint);
				(void)!read(gate[0], &byte, 1);
				_exit(queue_ask(fixture, &subject, DANA, true, &entry));
			}
		close(gate[0]);
		close(gate[1]); /* all at once */
		for (int i = 0; i < RACERS; i++) {
			assert_int_equal(waitpid(children[i], &status, 0), children[i]);
			assert_true(WIFEXITED(status));
			if (WEXITSTATUS(status) == APPROVAL_APPROVED)
				winners++;
			else
				assert_int_equal(WEXITSTATUS(status), APPROVAL_USED);
		}
		assert_int_equal(winners, 1);
	}
}

static void test_a_queue_is_of_the_process_that_opened_it(void **state)
{
	struct queue_fixture *fixture = fixture_of(state);
	struct approval_subject subject = queue_function(fixture, "f", "true\n");
	pid_t child = fork();
	int status;

	if (child == 0) {
		struct approval_entry entry;

		_exit(queue_ask(fixture, &subject, DANA, true, &entry) == -1 && errno == ECHILD &&
					queue_request(fixture, &subject, DANA) == 0 &&
					errno == ECHILD
				? 0
				: 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(queue_request(fixture, &subject, DANA), 1);
}

/* Asks and decides for ever, and says on `acknowledged` what it was told is so. */
struct acknowledgement {
	unsigned long number;
	enum approval_state state;
};

static void write_until_killed(struct queue_fixture *fixture, int acknowledged, int round)
{
	struct approval_decision decision = {.reason = "x", .now = &queue_rule};

	fixture->approvals = approvals_open(fixture->arena, true, &fixture->complaint);
	for (int i = 0; fixture->approvals != NULL; i++) {
		struct approval_subject subject =
			queue_command(fixture, arena_printf(fixture->arena, "rm %d %d", round, i));
		struct acknowledgement said = {
			queue_request(fixture, &subject, DANA), APPROVAL_PENDING};

		if (said.number == 0 || write(acknowledged, &said, sizeof(said)) < 0)
			break;
		decision.number = said.number;
		decision.reject = i % 3 > 0;
		said.state = decision.reject ? APPROVAL_REJECTED : APPROVAL_APPROVED;
		if (queue_decide(fixture, &decision, ERIN) < 0 ||
			write(acknowledged, &said, sizeof(said)) < 0)
			break;
	}
	_exit(9);
}

static void check_acknowledged(struct queue_fixture *fixture, int acknowledged)
{
	struct acknowledgement said, last = {0};
	struct approval_entry entry;

	while (read(acknowledged, &said, sizeof(said)) == sizeof(said)) {
		enum approval_state found = queue_state(fixture, said.number);

		/* One step more may have been made, and not been told any more. */
		if (said.state != APPROVAL_PENDING)
			assert_int_equal(found, said.state);
		last = said;
	}
	/* The next one is whole or not there. */
	if (approvals_get(fixture->approvals, last.number + 1, &entry, &fixture->complaint) < 0)
		assert_int_equal(errno, ENOENT);
	else
		assert_true(entry.past_count > 0 && entry.tries == 1 && entry.askers.count == 1);
}

static void test_kill_at_any_time_loses_nothing_that_was_told(void **state)
{
	struct queue_fixture *fixture = fixture_of(state);
	uint64_t random = 4;

	for (int round = 0; round < KILLS; round++) {
		struct arena *arena = fixture->arena;
		int acknowledged[2];
		pid_t child;

		approvals_close(fixture->approvals);
		fixture->approvals = NULL;
		assert_int_equal(pipe2(acknowledged, O_CLOEXEC), 0);
		child = fork();
		assert_true(child >= 0);
		if (child == 0)
			write_until_killed(fixture, acknowledged[1], round);
		close(acknowledged[1]);
		usleep((useconds_t)(1000 + random_below(&random, 20000)));
		kill(child, SIGKILL);
		assert_int_equal(waitpid(child, NULL, 0), child);
		fixture->arena = arena_new();
		queue_open(fixture);
		check_acknowledged(fixture, acknowledged[0]);
		close(acknowledged[0]);
		approvals_close(fixture->approvals);
		fixture->approvals = NULL;
		arena_free(fixture->arena);
		fixture->arena = arena;
	}
	queue_open(fixture);
	/* abs() of the smallest number is an error. */
	assert_int_equal(queue_sql(fixture, "SELECT CASE integrity_check WHEN 'ok' THEN 1 ELSE "
					    "abs(-9223372036854775808) END "
					    "FROM pragma_integrity_check"),
		0);
}

static void test_kill_while_it_is_made_leaves_none_or_a_whole_one(void **state)
{
	struct queue_fixture *fixture = fixture_of(state);
	uint64_t random = 5;

	for (int round = 0; round < KILLS; round++) {
		const char *state_directory =
			arena_printf(fixture->arena, "%s/made-%d", fixture->base, round);
		const char *directory =
			arena_printf(fixture->arena, "%s/approvals", state_directory);
		pid_t child;

		approvals_set_directory(directory);
		child = fork();
		if (child == 0) {
			approvals_open(fixture->arena, true, &fixture->complaint);
			_exit(0);
		}
		usleep((useconds_t)random_below(&random, 4000));
		kill(child, SIGKILL);
		assert_int_equal(waitpid(child, NULL, 0), child);
		queue_open(fixture);
	}
	approvals_set_directory(fixture->directory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define CASE(name) cmocka_unit_test_setup_teardown(name, queue_set_up, queue_tear_down)
		CASE(test_R36_every_event_does_what_the_model_says),
		CASE(test_R36_racing_processes_take_the_edges_of_the_table),
		CASE(test_R36_of_many_that_ask_at_once_one_runs),
		CASE(test_a_queue_is_of_the_process_that_opened_it),
		CASE(test_kill_at_any_time_loses_nothing_that_was_told),
		CASE(test_kill_while_it_is_made_leaves_none_or_a_whole_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
