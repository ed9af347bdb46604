using System.CommandLine;

namespace Releases.Tool;

/// <summary>One invocation of one command: what it was told, and the rack that it works on, opened when first needed.</summary>
internal sealed class Invocation(ToolHost host, ParseResult parsed) : IAsyncDisposable
{
    private Rack? _rack;

    public ITerminal Terminal => host.Terminal;

    public TimeProvider Time => host.Time;

    public DateTimeOffset Now => host.Time.GetUtcNow();

    /// <summary>The current folder.</summary>
    public string Folder => host.Folder;

    /// <summary>A variable of the process's environment.</summary>
    public string? Variable(string name) => host.Variable(name);

    /// <summary>Runs a program that shares the terminal, and leaves Ctrl-C to it meanwhile.</summary>
    public Task LeaveTo(Func<Task> program) => host.LeaveTo(program);

    /// <summary>Lets the user edit a file.</summary>
    public Task Edit(string file, CancellationToken cancel) => host.Edit(file, cancel);

    /// <summary>Shows a file in the user's browser.</summary>
    public string? Browse(string page) => host.Browse(page);

    /// <summary>Reports unexpected failures of work that continues after them.</summary>
    public ErrorReport Report => new(Terminal, Remedies, json: false, parsed.GetValue<bool>(GlobalOptions.Debug));

    /// <summary>Whether the rack was opened for changes.</summary>
    public bool IsChange { get; private set; }

    /// <summary>Reports that the command failed, and gives the exit code.</summary>
    public int Failed(Exception failure) =>
        new ErrorReport(Terminal, Remedies, Json, parsed.GetValue<bool>(GlobalOptions.Debug)).Write(failure);

    /// <summary>Delivers what is due where the rack has no process that does, for a few seconds at most; what isn't delivered stays
    /// due.</summary>
    public async Task DeliverHooks(CancellationToken cancel)
    {
        if (_rack is not { } rack || !IsChange || cancel.IsCancellationRequested) return;
        await new DueHooks(rack, Time, trouble => Terminal.Say($"note: {trouble}")).Deliver(cancel);
    }

    /// <summary>What an operation needs that this call asks for.</summary>
    /// <param name="rack">The rack that it works on.</param>
    /// <param name="created">What to do about a release that it makes.</param>
    public OperationContext Operations(Rack rack, Action<OperationNote.ReleaseCreated>? created = null) =>
        new(rack, Time, cancel => By(rack, cancel), new TerminalNotes(this, created)) { Trace = Traces.Begin() };

    /// <summary>Traces of promotions.</summary>
    public PromotionTraces Traces => new(host.Variable);

    /// <summary>Sends the trace of a promotion that was begun here and has ended, unless its driver does.</summary>
    public Task SendTrace(Rack rack, Promotion ended, CancellationToken cancel) =>
        ended.Trace is { IsSentByDriver: true } ? Task.CompletedTask : Send(rack, ended, cancel);

    private async Task Send(Rack rack, Promotion ended, CancellationToken cancel)
    {
        if (await Traces.Send(ended, rack.Address, cancel) is { } trouble) Terminal.Say($"note: {trouble}");
    }

    /// <summary>Says a sentence, and last what can be done now: on a terminal each step on a line of its own.</summary>
    /// <param name="text">The sentence.</param>
    /// <param name="next">What can be done now.</param>
    /// <param name="place">The app and the rack that it is about; null: this call's.</param>
    public void Say(string text, Remedy? next, RemedyText? place = null)
    {
        var remedies = place ?? Remedies;
        if (next is null) Terminal.Say(text);
        else if (!Terminal.ErrorIsTerminal) Terminal.Say($"{text} {remedies.Line(next)}".TrimStart());
        else
        {
            if (text.Length > 0) Terminal.Say(text);
            foreach (var line in remedies.Lines(next)) Terminal.Say(text.Length > 0 ? $"  {line}" : line);
        }
    }

    /// <summary>Remedies as commands of this call's app and rack.</summary>
    public RemedyText Remedies => new(parsed.GetValue<string?>(GlobalOptions.App), parsed.GetValue<string?>(GlobalOptions.Rack));

    public bool Json => parsed.GetValue<bool>(GlobalOptions.Json);

    /// <summary>The app's folder, the app and the rack.</summary>
    public AppSettings Settings =>
        AppSettings.Resolve(host.Folder, Setting(GlobalOptions.App), Setting(GlobalOptions.Rack), host.Variable, host.Racks);

    /// <summary>The app that is meant.</summary>
    public AppName App => Settings.App;

    /// <summary>The app where it was named; null: it would be the folder's.</summary>
    public AppName? StatedApp => Settings is { IsAppStated: true, App: var app } ? app : null;

    /// <summary>The app that a command is to change: where only the current folder's name says which, it has to be that folder's
    /// own.</summary>
    public async Task<App> RequireOwnApp(Rack rack, CancellationToken cancel)
    {
        var settings = Settings;
        var app = await rack.Store.RequireApp(settings.App, cancel);
        if (!settings.IsAppStated && app.Sources.Count > 0) app.RequireFrom(await GitRemote.SourceOf(settings.Folder, Variable, cancel));
        return app;
    }

    /// <summary>Runs the SDK.</summary>
    public RunDotnet Dotnet => host.Dotnet;

    /// <summary>The kinds of racks that there are.</summary>
    public RackKinds Racks => host.Racks;

    /// <summary>The rack that is meant.</summary>
    public RackAddress RackAddress => AppSettings.ResolveRack(host.Folder, Setting(GlobalOptions.Rack), host.Variable, host.Racks);

    /// <summary>Who asks.</summary>
    public Task<string> By(Rack rack, CancellationToken cancel) =>
        Actor.On(rack, host.Variable, Environment.UserName, Environment.MachineName, cancel);

    /// <summary>Whether an option stands on the command line.</summary>
    public bool Given(Option option) => parsed.GetResult(option) is { Implicit: false };

    public T? Value<T>(Option<T> option) => parsed.GetValue(option);

    /// <summary>What stands on the command line for an argument of this name.</summary>
    public string Text(string argument) => parsed.GetRequiredValue<string>(argument);

    public T? Value<T>(Argument<T> argument) => parsed.GetValue(argument);

    /// <summary>The rack, for changes: if its daemon had crashed, the services are on their way back.</summary>
    public async Task<Rack> OpenRack(CancellationToken cancel)
    {
        Sweep();
        IsChange = true;
        var rack = await OpenToRead(cancel);
        if (rack.Daemon?.ReviveAfterCrash() is { } kept)
            Terminal.Say($"note: the daemon died and its services can't be restarted now: {Remedies.Line(kept)}");
        return rack;
    }

    /// <summary>The rack as it is, for reading: that doesn't restart a crashed daemon.</summary>
    public Task<Rack> OpenToLook(CancellationToken cancel)
    {
        Sweep();
        return OpenToRead(cancel);
    }

    /// <summary>The rack as it is; nothing is started, said or tidied.</summary>
    public async Task<Rack> OpenToRead(CancellationToken cancel)
    {
        if (_rack is { } open) return open;
        var address = RackAddress;
        _rack = await address.Kind.Open(address, Time, trouble => Terminal.Say($"note: {trouble}"), cancel);
        if (Traces.HasCollector) _rack.SendTrace = ended => Send(_rack, ended, CancellationToken.None);
        return _rack;
    }

    public ValueTask DisposeAsync() => _rack?.DisposeAsync() ?? ValueTask.CompletedTask;

    private void Sweep() => HeldFolder.Sweep(HeldFolder.Memory(host.Variable), HeldFolder.Edit, host.Time);

    private Setting? Setting(string option) => parsed.GetValue<string?>(option) is { } value ? new(value, option) : null;
}
