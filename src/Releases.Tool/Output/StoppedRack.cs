namespace Releases.Tool;

/// <summary>Says why nothing is running, where a command would otherwise only have nothing to show.</summary>
internal static class StoppedRack
{
    /// <summary>Says that the app isn't running because the rack is stopped, if that is the reason. Returns whether it is.</summary>
    public static bool Say(Invocation call, Rack rack, App app)
    {
        if (app.Active is null || rack.Daemon is not { IsAlive: false }) return false;
        Say(call, $"{app.Name} isn't running because the rack is stopped.");
        return true;
    }

    /// <summary>Says a sentence about a stopped rack, and how to start it.</summary>
    public static void Say(Invocation call, string sentence) => call.Say(sentence, Remedy.Do(Operation.StartRack, "Start it"));
}
