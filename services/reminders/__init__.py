"""What reminding must know and keep: facts for the planner, the ledger, the leader's picture."""
