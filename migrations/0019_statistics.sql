-- Statistics of the planner are samples of rows, and stay when the rows go. Of what is destroyed nothing may stay that need not; and nobody ever asks for
-- these by their value.
alter table particular alter column sealed set statistics 0;
alter table person_card alter column sealed set statistics 0;
alter table destroyed_part alter column digest set statistics 0;
