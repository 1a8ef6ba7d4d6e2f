#include "gateway/function.h"

int request_open_transaction(struct request *request)
{
	(void)request;
	return 0;
}
