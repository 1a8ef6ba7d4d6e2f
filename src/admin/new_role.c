#include "admin/admin.h"
#include "base/message.h"

int new_role_verb(const struct options *options)
{
	(void)options;
	message_error("new-role: not there yet");
	return ADMIN_WRONG;
}
