#include "gateway/function.h"

int request_check_choices(struct request *request)
{
	(void)request;
	return 0;
}
