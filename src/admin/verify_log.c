#include "admin/admin.h"
#include "base/message.h"

int verify_log_verb(const struct options *options)
{
	(void)options;
	message_error("verify-log: not there yet");
	return ADMIN_WRONG;
}
