-- Casussen add to the figures themselves now, step by step. Figures that were told before know nothing of it: they are told again from the first
-- event on when the server starts.

delete from checkpoint where projection = 'facts';
delete from fact;
delete from fact_sum;
delete from fact_summed;
delete from known_melding;
delete from known_person;
delete from known_case;
delete from known_link;
