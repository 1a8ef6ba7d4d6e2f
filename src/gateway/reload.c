/* A new configuration takes the old one's place at once, or not at all. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/message.h"
#include "gateway/clock.h"
#include "gateway/listener.h"
#include "gateway/orders.h"
#include "gateway/recover.h"
#include "spawn/pam.h"

/* ms: nobody is let in while the listener waits for rolegate-recorder(8). */
enum { RECORD_PATIENCE = 500 };

void reload_start(struct listener *listener, const struct asker *asker)
{
	if (listener->stop_deadline != CLOCK_NEVER) /* its sockets are not to come back */
		return;
	if (listener->loader.pid != 0) {
		listener->load_again = true;
		listener->next_asker = *asker;
		return;
	}
	listener->asker = *asker;
	if (loader_start(&listener->loader, listener->directory, &listener->support,
		    &listener->asker.peer) == 0)
		return;
	message_error("the configuration can't be loaded: %m");
	control_loaded(listener, NULL);
}

static void log_problems(const struct configuration *configuration)
{
	struct arena *arena = arena_new();

	for (size_t i = 0; i < configuration->problems->count; i++) {
		const struct problem *problem = &configuration->problems->items[i];
		char *text = problem_text(arena, problem);

		if (problem->level == PROBLEM_ERROR)
			message_error("%s", text);
		else
			message_warning("%s", text);
	}
	arena_free(arena);
}

static bool same(const char *left, const char *right)
{
	return left == right || (left != NULL && right != NULL && strcmp(left, right) == 0);
}

/* Sessions have what they were forked with. */
static void open_recorder(struct listener *listener, const char *event_log)
{
	const char *complaint = "";
	struct recorder *recorder;

	if (listener->recorder != NULL && same(event_log, listener->event_log))
		return;
	if (record_open(event_log, &recorder, &complaint) != 0) {
		message_error("no records can be written: %s", complaint);
		return;
	}
	if (listener->recorder != NULL)
		record_close(listener->recorder);
	record_count_losses(recorder, listener->sessions.losses);
	record_hurry(recorder, RECORD_PATIENCE);
	listener->recorder = recorder;
	free((char *)(uintptr_t)listener->event_log);
	listener->event_log = event_log == NULL ? NULL : strdup(event_log);
}

static const char *first_error(struct arena *arena, const struct problems *problems)
{
	for (size_t i = 0; i < problems->count; i++)
		if (problems->items[i].level == PROBLEM_ERROR)
			return problem_text(arena, &problems->items[i]);
	return NULL;
}

static void write_config_record(
	struct listener *listener, const struct configuration *configuration)
{
	const struct policy *policy = configuration->policy;
	const struct peer *peer = &listener->asker.peer;
	struct arena *arena = arena_new();
	struct record record = {
		.kind = RECORD_CONFIG,
		.success = policy != NULL,
		.asked_by = listener->asker.by,
		.user = configuration->asker,
		.uid = peer->uid,
		.login_uid = peer->login_uid,
		.audit_session = peer->audit_session,
		.peer_pid = peer->pid,
		.directory = listener->directory,
		.digest = policy == NULL ? NULL : policy->digest,
		.status = -1,
	};
	const char *complaint = "there is no recorder";

	if (policy != NULL && policy->bundle != NULL && policy->bundle->unchanged) {
		record.bundle = policy->bundle->name;
		record.serial = policy->bundle->serial;
	}
	if (policy == NULL) {
		record.errors = (unsigned)configuration->problems->errors;
		record.detail = first_error(arena, configuration->problems);
	}
	if (listener->recorder == NULL || record_write(listener->recorder, &record, &complaint) != 0)
		message_error("a record could not be written: %s", complaint);
	arena_free(arena);
}

static void take_over(struct listener *listener, const struct configuration *configuration)
{
	int error;

	spare_drop(listener);
	configuration_free(&listener->current);
	configuration_free(&listener->rejected);
	listener->current = *configuration;
	listener->sessions.most = configuration->policy->sessions_max;
	*listener->sessions.loads = ++listener->loads;
	sessions_signal(&listener->sessions, ORDER_SIGNAL); /* those between requests begin anew */
	open_recorder(listener, configuration->policy->event_log);
	if (listener->loads == 1)
		recover_transactions(listener->recorder);
	recover_check_paths(configuration->policy);
	listener->keep_due = clock_now();
	sockets_update(&listener->sockets, configuration->policy);
	error = pam_preload();
	if (error != 0)
		message_warning("PAM service rolegate: error %d", error);
}

void reload_finish(struct listener *listener, int status)
{
	struct configuration configuration;

	loader_reaped(&listener->loader, status, &configuration);
	log_problems(&configuration);
	if (listener->stop_deadline != CLOCK_NEVER) {
		configuration_free(&configuration);
		return;
	}
	if (configuration.policy != NULL) {
		take_over(listener, &configuration);
		message_info("configuration loaded, sha256 %s", configuration.policy->digest);
		if (listener->loads > 1) /* else when the account database is known */
			(void)spare_start(listener);
	} else {
		configuration_free(&listener->rejected);
		listener->rejected = configuration;
		if (listener->recorder == NULL)
			open_recorder(listener, NULL);
		message_error("the configuration was refused");
	}
	write_config_record(listener, &configuration);
	control_loaded(listener, &configuration);
	if (listener->load_again) {
		listener->load_again = false;
		reload_start(listener, &listener->next_asker);
	}
}

int reload_first(struct listener *listener)
{
	const struct asker asker = { .by = "start",
		.peer = { .uid = (uid_t)-1, .pidfd = -1 } };
	int status;

	reload_start(listener, &asker);
	if (listener->loader.pid == 0)
		return -1;
	while (waitpid(listener->loader.pid, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	reload_finish(listener, status);
	return listener->current.policy == NULL ? -1 : 0;
}
