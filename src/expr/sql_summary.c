/* Summaries as PostgreSQL's aggregates, or functions of arrays where it has none of that meaning.
 */

#include <string.h>

#include "expr/functions.h"
#include "expr/sql_printing.h"

/* The argument of a summary, as what it is summed up; cells stay cells unless a number is wanted.
 */
static void print_argument(const Printer *p, const Expression *node, Type wanted)
{
    if (type_as(node, wanted) == TYPE_NUMBER)
        sql_print_settled(p, node, WEAKEST);
    else
        sql_print_bytewise(p, node, WEAKEST);
}

static void print_array(const Printer *p, const char *function, const Expression *node, Type wanted)
{
    buffer_format(p->out, "%s(array_agg(", function);
    print_argument(p, node, wanted);
    buffer_byte(p->out, ')');
}

/* The first value that is there, in the order of the rows or against it. */
static void print_end(const Printer *p, const Expression *node, const char *direction)
{
    buffer_text(p->out, "(array_remove(array_agg(");
    print_argument(p, node->parts[0], TYPE_TEXT);
    buffer_format(p->out, " ORDER BY %s%s), NULL))[1]", p->scope->order, direction);
}

static void print_count(const Printer *p, const Expression *node)
{
    buffer_text(p->out, node->summary == SUMMARY_COUNT_DISTINCT ? "count(DISTINCT " : "count(");
    if (node->summary == SUMMARY_COUNT_ROWS)
        buffer_byte(p->out, '*');
    else if (node->summary == SUMMARY_COUNT && node->parts[0]->kind == KIND_COLUMN)
        sql_identifier(sql_column_of(p->scope, node->parts[0])->name, p->out);
    else
        print_argument(p, node->parts[0], TYPE_TEXT);
    buffer_byte(p->out, ')');
}

static void print_mode(const Printer *p, const Expression *node)
{
    if (type_as(node->parts[0], TYPE_TEXT) == TYPE_NUMBER) {
        print_array(p, "number_mode", node->parts[0], TYPE_NUMBER);
        buffer_byte(p->out, ')');
        return;
    }
    buffer_text(p->out, "mode() WITHIN GROUP (ORDER BY ");
    print_argument(p, node->parts[0], TYPE_TEXT);
    buffer_byte(p->out, ')');
}

/* Of equal numbers the one with the widest scale stays, which PostgreSQL leaves to chance. */
static void print_extreme(const Printer *p, const Expression *node)
{
    bool least = node->summary == SUMMARY_MIN;
    bool number = type_as(node->parts[0], TYPE_NUMBER) == TYPE_NUMBER;
    if (number && sql_argument_form(p->scope, node->parts[0]) != SQL_INTEGER) {
        print_array(p, least ? "lowest" : "highest", node->parts[0], TYPE_NUMBER);
    } else {
        buffer_text(p->out, least ? "min(" : "max(");
        print_argument(p, node->parts[0], TYPE_NUMBER);
    }
    buffer_byte(p->out, ')');
}

static void print_quantile(const Printer *p, const Expression *node)
{
    print_array(p, "quantile", node->parts[0], TYPE_NUMBER);
    buffer_text(p->out, ", ");
    if (node->summary == SUMMARY_MEDIAN)
        buffer_text(p->out, "0.5");
    else
        decimal_write(node->parts[1]->number.value, p->out);
    buffer_byte(p->out, ')');
}

static void print_spread(const Printer *p, const Expression *node)
{
    bool root = node->summary == SUMMARY_STDDEV || node->summary == SUMMARY_STDDEV_POP;
    bool sample = node->summary == SUMMARY_STDDEV || node->summary == SUMMARY_VARIANCE;
    buffer_text(p->out, root ? "sqrt(" : "");
    print_array(p, sample ? "sample_variance" : "population_variance", node->parts[0], TYPE_NUMBER);
    buffer_text(p->out, root ? "))" : ")");
}

static void print_summary(const Printer *p, const Expression *node)
{
    switch (node->summary) {
    case SUMMARY_COUNT_ROWS:
    case SUMMARY_COUNT:
    case SUMMARY_COUNT_DISTINCT:
        print_count(p, node);
        break;
    case SUMMARY_SUM:
        buffer_text(p->out, "sum(");
        print_argument(p, node->parts[0], TYPE_NUMBER);
        buffer_byte(p->out, ')');
        break;
    case SUMMARY_MEAN:
        print_array(p, "mean", node->parts[0], TYPE_NUMBER);
        buffer_byte(p->out, ')');
        break;
    case SUMMARY_GEOMEAN:
        print_array(p, "geometric", node->parts[0], TYPE_NUMBER);
        buffer_byte(p->out, ')');
        break;
    case SUMMARY_MIN:
    case SUMMARY_MAX:
        print_extreme(p, node);
        break;
    case SUMMARY_MEDIAN:
    case SUMMARY_QUANTILE:
        print_quantile(p, node);
        break;
    case SUMMARY_MODE:
        print_mode(p, node);
        break;
    case SUMMARY_STDDEV:
    case SUMMARY_STDDEV_POP:
    case SUMMARY_VARIANCE:
    case SUMMARY_VARIANCE_POP:
        print_spread(p, node);
        break;
    case SUMMARY_FIRST:
        print_end(p, node, "");
        break;
    case SUMMARY_LAST:
        print_end(p, node, " DESC");
        break;
    }
}

/* first, last and mode of a column are cells, which may be wanted as a number. */
void sql_print_summary(const Printer *p, const Expression *node, Type type)
{
    bool turned = node->type == TYPE_CELL && type == TYPE_NUMBER;
    if (turned)
        buffer_text(p->out, p->scope->invalid_missing ? "number_or_null(" : "number(");
    print_summary(p, node);
    if (turned)
        buffer_byte(p->out, ')');
}
