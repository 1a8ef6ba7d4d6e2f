#include "admin/trial_record.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/message.h"

static uid_t login_uid(void)
{
	uid_t uid;

	return record_get_login_uid(&uid) < 0 ? (uid_t)-1 : uid;
}

const char *trial_operator(struct arena *arena)
{
	uid_t uid = login_uid();
	const char *complaint;
	struct account account;

	if (account_by_uid(arena, uid != (uid_t)-1 ? uid : getuid(), &account, &complaint) == 0)
		return account.name;
	return "root";
}

static unsigned audit_session(struct arena *arena)
{
	size_t length;
	const char *text = fd_read_file(arena, "/proc/self/sessionid", 32, &length);

	return text == NULL ? (unsigned)-1 : (unsigned)strtoul(text, NULL, 10);
}

/* 0, or -1 after a message. */
static int write_record(struct trial_record *record)
{
	const char *complaint = NULL;

	if (record->recorder != NULL &&
		record_write(record->recorder, &record->record, &complaint) == 0)
		return 0;
	if (complaint != NULL)
		message_warning("%s", complaint);
	return -1;
}

void trial_record_person(struct arena *arena, struct record *record)
{
	record->user = trial_operator(arena);
	record->uid = getuid();
	record->login_uid = login_uid();
	record->audit_session = audit_session(arena);
	record->peer_pid = getpid();
}

static int open_recorder(const struct policy *policy, struct trial_record *record)
{
	const char *complaint = NULL;

	if (record_open(policy->event_log, &record->recorder, &complaint) == 0)
		return 0;
	record->recorder = NULL;
	message_warning("%s", complaint);
	return -1;
}

int trial_record_start(struct arena *arena, const struct person *person,
	const struct decision *decision, const struct account *account,
	const struct request_id *request, struct trial_record *record)
{
	const struct endpoint *endpoint = person->endpoint;

	record->optional = endpoint != NULL && endpoint->audit_failure == AUDIT_FAILURE_CONTINUE;
	record->record = (struct record){
		.kind = RECORD_TRIAL,
		.success = true,
		.request = request->text,
		.endpoint = endpoint != NULL ? endpoint->name : NULL,
		.roles = &decision->roles,
		.run_as = account->name,
		.directory =
			decision->command->directory != NULL ? decision->command->directory : "/",
		.words = &decision->shown,
		.status = -1,
	};
	trial_record_person(arena, &record->record);
	if (open_recorder(person->policy, record) == 0 && write_record(record) == 0)
		return 0;
	if (record->optional) {
		message_warning("the trial could not be recorded");
		return 0;
	}
	message_error("the trial could not be recorded, so nothing was run");
	return -1;
}

void trial_record_end(struct trial_record *record, int status)
{
	struct record *end = &record->record;

	end->kind = RECORD_END;
	end->success = status == 0;
	if (status >= 0 && WIFEXITED(status))
		end->status = WEXITSTATUS(status);
	if (status >= 0 && WIFSIGNALED(status))
		end->signal = WTERMSIG(status);
	if (write_record(record) < 0)
		message_warning("the end of the trial could not be recorded");
	if (record->recorder != NULL)
		record_close(record->recorder);
}
