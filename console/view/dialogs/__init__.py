"""Content of the dialogs and of the inspect, plan and log entry screens."""
