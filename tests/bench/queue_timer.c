/*
 * How the approval queue's calls depend on its size: the median time of each with 10 entries, and
 * with 10,000 that are pending and 100,000 that are approved, and the ratio of the two.
 *
 *   queue_timer DIRECTORY     a new one below a directory that is root's alone, as /run/NAME
 *
 * On a tmpfs a write costs what SQLite does; on a disk it costs the disk's flush.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "approval/approval.h"
#include "config/digest.h"

enum {
	SMALL = 10,
	PENDING = 10000,
	APPROVED = 100000,
	PER_PERSON = 90, /* pending, of one of many persons */
	ROUNDS = 400,
};

static const char *const groups[] = {"reviewers"};
static const struct approval_rule rule = {
	.required = true, .approvers = 1, .groups = {(const char **)(uintptr_t)groups, 1}};
static const struct approval_person approver = {.login_uid = 900, .name = "erin", .root = true};

struct queue {
	struct arena *arena;
	struct approvals *approvals;
	unsigned long pending, approved;
};

static void die(const char *complaint)
{
	fprintf(stderr, "queue_timer: %s\n", complaint);
	exit(1);
}

/* Memory of the calls is given back from time to time. */
static void reopen(struct queue *queue)
{
	const char *complaint;

	approvals_close(queue->approvals);
	if (queue->arena != NULL)
		arena_free(queue->arena);
	queue->arena = arena_new();
	queue->approvals = approvals_open(queue->arena, true, &complaint);
	if (queue->approvals == NULL)
		die(complaint);
}

static struct approval_subject subject(struct queue *queue, unsigned long index)
{
	char *text = arena_printf(queue->arena, "#!/bin/sh\n# %lu\n", index);
	char *hash = arena_alloc(queue->arena, 65);
	struct digest digest;

	digest_begin(&digest);
	digest_bytes(&digest, text, strlen(text));
	digest_end(&digest, hash);
	return (struct approval_subject){.kind = APPROVAL_FUNCTION,
		.endpoint = "operations",
		.name = arena_printf(queue->arena, "function-%lu", index),
		.text = text,
		.digest = hash,
		.rule = "node string\n",
		.interpreter = "/bin/sh",
		.run_as = "svc-ops",
		.profile = "standard",
		.reason = "pending-approval",
		.decided_by = rule};
}

static struct approval_person asker(unsigned long index)
{
	uid_t uid = (uid_t)(10000 + index / PER_PERSON);

	return (struct approval_person){.uid = uid, .login_uid = uid, .name = "dana"};
}

static unsigned long request(struct queue *queue, unsigned long index)
{
	struct approval_subject asked = subject(queue, index);
	struct approval_person person = asker(index);
	struct approval_entry entry;
	const char *complaint;

	if (approvals_request(queue->approvals, &asked, &person, &entry, &complaint) < 0)
		die(complaint);
	return entry.number;
}

static void approve(struct queue *queue, unsigned long number)
{
	struct approval_decision decision = {.number = number, .reason = "x", .now = &rule};
	struct approval_entry entry;
	const char *complaint;

	if (approvals_decide(queue->approvals, &decision, &approver, &entry, &complaint) < 0)
		die(complaint);
}

static void fill(struct queue *queue, unsigned long pending, unsigned long approved)
{
	for (; queue->approved < approved; queue->approved++) {
		approve(queue, request(queue, queue->approved));
		if (queue->approved % 1000 == 0)
			reopen(queue);
	}
	for (; queue->pending < pending; queue->pending++) {
		request(queue, 1000000 + queue->pending);
		if (queue->pending % 1000 == 0)
			reopen(queue);
	}
}

static void ask(struct queue *queue, unsigned long round)
{
	struct approval_subject asked = subject(queue, round * 7919 % queue->approved);
	struct approval_person person = asker(0);
	struct approval_entry entry;
	const char *complaint;

	if (approvals_ask(queue->approvals, &asked, &person, true, &entry, &complaint) !=
		APPROVAL_APPROVED)
		die("what is approved is not");
}

static void open_and_ask(struct queue *queue, unsigned long round)
{
	reopen(queue);
	ask(queue, round);
}

static void ask_for_nothing(struct queue *queue, unsigned long round)
{
	struct approval_subject asked = subject(queue, 5000000 + round);
	struct approval_person person = asker(0);
	struct approval_entry entry;
	const char *complaint;

	if (approvals_ask(queue->approvals, &asked, &person, true, &entry, &complaint) !=
		APPROVAL_NONE)
		die("what nobody asked for is there");
}

static void request_again(struct queue *queue, unsigned long round)
{
	request(queue, 1000000 + round * 31 % queue->pending);
}

static void list(struct queue *queue, unsigned long round)
{
	struct approval_entry *entries;
	const char *complaint;
	size_t count;

	(void)round;
	if (approvals_list(queue->approvals, APPROVAL_PENDING, 0, 5, &entries, &count, &complaint) <
		0)
		die(complaint);
}

static int compare(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;

	return (a > b) - (a < b);
}

static double median(struct queue *queue, void (*call)(struct queue *, unsigned long))
{
	static double times[ROUNDS];

	reopen(queue);
	for (unsigned long round = 0; round < ROUNDS; round++) {
		struct timespec start, end;

		clock_gettime(CLOCK_MONOTONIC, &start);
		call(queue, round);
		clock_gettime(CLOCK_MONOTONIC, &end);
		times[round] = (double)(end.tv_sec - start.tv_sec) * 1e6 +
			       (double)(end.tv_nsec - start.tv_nsec) / 1e3;
	}
	qsort(times, ROUNDS, sizeof(times[0]), compare);
	return times[ROUNDS / 2];
}

static const struct {
	const char *name;
	void (*call)(struct queue *queue, unsigned long round);
} calls[] = {
	{"ask, approved", ask},
	{"open, ask and close", open_and_ask},
	{"ask, unknown", ask_for_nothing},
	{"request again", request_again},
	{"list 5 pending", list},
};

enum { CALLS = sizeof(calls) / sizeof(calls[0]) };

int main(int argc, char **argv)
{
	static char directory[4096];
	double small[CALLS];
	struct queue queue = {0};

	if (argc != 2) {
		fputs("usage: queue_timer DIRECTORY\n", stderr);
		return 2;
	}
	snprintf(directory, sizeof(directory), "%s/approvals", argv[1]);
	approvals_set_directory(directory);
	reopen(&queue);
	fill(&queue, SMALL / 2, SMALL / 2);
	for (size_t i = 0; i < CALLS; i++)
		small[i] = median(&queue, calls[i].call);
	fill(&queue, PENDING, APPROVED);
	printf("%-22s %12s %12s %7s\n", "median, microseconds", "10 entries", "110,000", "ratio");
	for (size_t i = 0; i < CALLS; i++) {
		double large = median(&queue, calls[i].call);

		printf("%-22s %12.1f %12.1f %7.2f\n", calls[i].name, small[i], large,
			large / small[i]);
	}
	approvals_close(queue.approvals);
	arena_free(queue.arena);
	return 0;
}
