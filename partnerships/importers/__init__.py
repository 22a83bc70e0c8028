"""Register files into plain records. Nothing here touches the database; partnerships.actions.registers writes."""
