-- Statistics of the planner are samples of rows, and stay when the rows go: a wrapped key that was destroyed must not stand there.
alter table wrapped_key alter column wrapped set statistics 0;
alter table key_encryption_key alter column sealed set statistics 0;
