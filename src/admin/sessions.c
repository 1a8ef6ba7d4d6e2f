#include "admin/admin.h"
#include "base/message.h"

int sessions_verb(const struct options *options)
{
	(void)options;
	message_error("sessions: not there yet");
	return ADMIN_WRONG;
}
