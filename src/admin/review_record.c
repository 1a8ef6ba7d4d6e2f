/* Who looks at what others did is in the records too. */
#include <unistd.h>

#include "admin/person.h"
#include "admin/replay.h"
#include "admin/trial_record.h"
#include "base/message.h"

int review_record(struct arena *arena, const struct options *options, enum record_kind kind,
	const struct recording *recording)
{
	const struct policy *policy = person_policy(arena, options);
	struct record record = {.kind = kind,
		.success = true,
		.request = recording->request,
		.endpoint = recording->endpoint,
		.detail = recording->user != NULL ? arena_printf(arena, "%s of %s", recording->file,
							    recording->user)
						  : recording->file,
		.status = -1};
	const char *complaint = NULL;
	struct recorder *recorder;
	int result = -1;

	if (policy != NULL && record_open(policy->event_log, &recorder, &complaint) == 0) {
		trial_record_person(arena, &record);
		result = record_write(recorder, &record, &complaint);
		record_close(recorder);
	}
	if (complaint != NULL)
		message_warning("%s", complaint);
	if (result < 0)
		message_error("that it is looked at could not be recorded, so it is not shown");
	return result;
}
