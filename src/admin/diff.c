#include "admin/admin.h"
#include "base/message.h"

int diff_verb(const struct options *options)
{
	(void)options;
	message_error("diff: not there yet");
	return ADMIN_WRONG;
}
