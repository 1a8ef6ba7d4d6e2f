#include "admin/admin.h"
#include "base/message.h"

int report_verb(const struct options *options)
{
	(void)options;
	message_error("report: not there yet");
	return ADMIN_WRONG;
}
