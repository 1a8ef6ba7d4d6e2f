/*
 * pending, approve, reject, revoke. root is at the queue itself; whoever else asks the gateway,
 * which knows them by their endpoint's socket.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "admin/admin.h"
#include "admin/control.h"
#include "approval/edges.h"
#include "approval/granting.h"
#include "base/fd.h"
#include "base/message.h"
#include "base/text.h"
#include "client/client.h"
#include "config/config.h"
#include "record/record.h"
#include "spawn/account.h"

static struct strings all_words(
	struct arena *arena, const char *verb, const struct options *options)
{
	struct strings words = {0};

	strings_add(arena, &words, verb);
	for (size_t i = 0; i < options->word_count; i++)
		strings_add(arena, &words, options->words[i]);
	return words;
}

static void print(const char *text, bool out)
{
	FILE *to = out ? stdout : stderr;

	fputs(text, to);
	if (*text != '\0' && text[strlen(text) - 1] != '\n')
		fputc('\n', to);
}

/* The gateway's refusals and failures are the one status that is no answer of the queue's. */
static int status_of(int asked)
{
	return asked == EXIT_REFUSED || asked == EXIT_GATEWAY ? ADMIN_WRONG : asked;
}

static int ask_gateway(const struct strings *words, const struct options *options)
{
	bool json = (options->given & OPTION_JSON) != 0;
	const struct client_options client = {.json = json,
		.no_prompt = (options->given & OPTION_NO_PROMPT) != 0,
		.interruptible = true};
	_cleanup_fd_ int fd = client_connect(options->endpoint);
	int status = EXIT_GATEWAY;
	char *text;

	if (fd < 0)
		return ADMIN_WRONG;
	text = client_ask(fd, PACKET_APPROVAL, &client, words->items, words->count, &status);
	if (text != NULL)
		print(text, json || status == 0);
	free(text);
	return status_of(status);
}

static unsigned audit_session(struct arena *arena)
{
	size_t length;
	const char *text = fd_read_file(arena, "/proc/self/sessionid", 32, &length);

	return text == NULL ? (unsigned)-1 : (unsigned)strtoul(text, NULL, 10);
}

/* root, as whoever logged in: a person is never their own approver by way of su(1). */
static struct approval_person root(struct arena *arena)
{
	struct approval_person person = {
		.uid = getuid(), .login_uid = (uid_t)-1, .name = "root", .root = true};
	struct account account;
	const char *complaint;

	if (record_get_login_uid(&person.login_uid) < 0)
		person.login_uid = (uid_t)-1;
	if (person.login_uid != (uid_t)-1 &&
		account_by_uid(arena, person.login_uid, &account, &complaint) == 0)
		person.name = account.name;
	return person;
}

/* Deciding needs it; looking at what waits, and taking back, do not. */
static const struct policy *load(struct arena *arena)
{
	struct problems problems = {.arena = arena};
	const struct policy *policy = config_load(arena, ROLEGATE_CONFIG_DIR, 0, &problems);

	for (size_t i = 0; policy == NULL && i < problems.count; i++)
		if (problems.items[i].level == PROBLEM_ERROR) {
			message_warning("the configuration can't be loaded: %s",
				problem_text(arena, &problems.items[i]));
			break;
		}
	return policy;
}

static int finish(const struct approval_answer *answer, bool json)
{
	const struct options quiet = {.config = ROLEGATE_CONFIG_DIR};

	if (answer->failed && !json) {
		size_t length = strlen(answer->text);

		length -= length > 0 && answer->text[length - 1] == '\n';
		message_error("%.*s", (int)length, answer->text);
	} else {
		print(answer->text, true);
	}
	if (!answer->changed)
		return answer->status;
	/* Else the gateway goes on as before, and nobody is told. */
	if (control_run(&quiet, PACKET_RELOAD) == ADMIN_OK)
		return answer->status;
	message_warning("it is decided, and the files are changed; it counts when the gateway has "
			"loaded them: rolegatectl reload");
	return ADMIN_FOUND;
}

static void open_recorder(const struct policy *policy, struct approval_edges *edges)
{
	const char *complaint = NULL;

	if (record_open(policy == NULL ? NULL : policy->event_log, &edges->recorder, &complaint) ==
		0)
		return;
	edges->recorder = NULL;
	message_warning("%s", complaint);
}

static void record_refused(void *context, const struct approval_entry *entry,
	enum approval_event event, const struct approval_person *person, const char *complaint)
{
	approval_edge_refused(context, entry, event, person, complaint);
}

static int decide_here(struct arena *arena, const struct strings *words, bool json)
{
	const struct approval_person person = root(arena);
	struct granting_context context = {.arena = arena, .directory = ROLEGATE_CONFIG_DIR};
	const struct approval_grants grants = approval_granting(&context);
	struct approval_edges edges = {.pid = getpid(), .audit_session = audit_session(arena)};
	struct approval_answer answer = {.status = ADMIN_WRONG, .text = ""};
	struct approval_desk desk = {
		.arena = arena,
		.policy = load(arena),
		.person = &person,
		.grants = &grants,
		.refused = record_refused,
		.refused_context = &edges};
	const char *complaint = "it can't be opened";

	desk.approvals = approvals_open(arena, false, &complaint);
	if (desk.approvals == NULL && errno != ENOENT) {
		message_error("the queue of approvals: %s", complaint);
		return ADMIN_WRONG;
	}
	open_recorder(desk.policy, &edges);
	if (desk.approvals != NULL)
		approvals_recorder(desk.approvals, approval_edge, &edges);
	approval_verb(&desk, words, json, &answer);
	approvals_close(desk.approvals);
	if (edges.recorder != NULL)
		record_close(edges.recorder);
	return finish(&answer, json);
}

static int run(const char *verb, const struct options *options)
{
	struct arena *arena = arena_new();
	struct strings words = all_words(arena, verb, options);
	bool json = (options->given & OPTION_JSON) != 0;
	int status = getuid() == 0 && geteuid() == 0 ? decide_here(arena, &words, json)
						     : ask_gateway(&words, options);

	arena_free(arena);
	return status;
}

int pending_run(const struct options *options)
{
	return run("pending", options);
}

int approve_run(const struct options *options)
{
	return run("approve", options);
}

int reject_run(const struct options *options)
{
	return run("reject", options);
}

int revoke_run(const struct options *options)
{
	return run("revoke", options);
}
