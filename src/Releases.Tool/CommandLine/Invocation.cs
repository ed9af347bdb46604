using System.CommandLine;

namespace Releases.Tool;

/// <summary>
/// Represents one invocation of one command: its options and arguments, and the rack that it works on, which is opened when first needed.
/// </summary>
internal sealed class Invocation(ToolHost host, ParseResult parsed) : IAsyncDisposable
{
    private Rack? _rack;
    private AppName? _app;

    public ITerminal Terminal => host.Terminal;

    public TimeProvider Time => host.Time;

    public DateTimeOffset Now => host.Time.GetUtcNow();

    /// <summary>Gets the current folder.</summary>
    public string Folder => host.Folder;

    /// <summary>Returns a variable of the process's environment, or null if it isn't set.</summary>
    public string? Variable(string name) => host.Variable(name);

    /// <summary>Runs a program that shares the terminal and leaves Ctrl-C to it meanwhile.</summary>
    public Task LeaveTo(Func<Task> program) => host.LeaveTo(program);

    /// <summary>Lets the user edit a file.</summary>
    public Task Edit(string file, CancellationToken cancel) => host.Edit(file, cancel);

    /// <summary>Opens a file in the user's browser. Returns why that failed, or null.</summary>
    public string? Browse(string page) => host.Browse(page);

    /// <summary>Gets the report for unexpected failures of work that continues after them.</summary>
    public ErrorReport Report => new(Terminal, Remedies, json: false, parsed.GetValue<bool>(GlobalOptions.Debug));

    /// <summary>Gets whether the rack was opened for changes.</summary>
    public bool IsChange { get; private set; }

    /// <summary>Reports that the command failed and returns the exit code.</summary>
    public int Failed(Exception failure) =>
        new ErrorReport(Terminal, Remedies, Json, parsed.GetValue<bool>(GlobalOptions.Debug)).Write(failure);

    /// <summary>
    /// Delivers the events that are due, for a few seconds at most, on a rack without a process that delivers them; the rest stay due.
    /// </summary>
    public async Task DeliverHooks(CancellationToken cancel)
    {
        if (_rack is not { } rack || !IsChange || cancel.IsCancellationRequested) return;
        await new DueHooks(rack, _app, Time, trouble => Terminal.Say($"note: {trouble}")).Deliver(cancel);
    }

    /// <summary>Returns the context of the operations that this call requests.</summary>
    /// <param name="rack">The rack that the operations work on.</param>
    /// <param name="created">The action to take for a release that an operation makes.</param>
    public OperationContext Operations(Rack rack, Action<OperationNote.ReleaseCreated>? created = null) =>
        new(rack, Time, cancel => By(rack, cancel), new TerminalNotes(this, created)) { Trace = Traces.Begin() };

    /// <summary>Gets the traces of promotions.</summary>
    public PromotionTraces Traces => new(host.Variable);

    /// <summary>Sends the trace of a finished promotion that was started here, unless its driver sends it.</summary>
    public Task SendTrace(Rack rack, Promotion ended, CancellationToken cancel) =>
        ended.Trace is { IsSentByDriver: true } ? Task.CompletedTask : Send(rack, ended, cancel);

    private async Task Send(Rack rack, Promotion ended, CancellationToken cancel)
    {
        if (await Traces.Send(ended, rack.Address, cancel) is { } trouble) Terminal.Say($"note: {trouble}");
    }

    /// <summary>Prints a sentence and then the next step; on a terminal each command is on a line of its own.</summary>
    /// <param name="text">The sentence.</param>
    /// <param name="next">The next step.</param>
    /// <param name="place">The app and rack that the step is for, or null for this call's.</param>
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

    /// <summary>Gets the formatter of remedies as commands for this call's app and rack.</summary>
    public RemedyText Remedies => GlobalOptions.Remedies(parsed, host);

    public bool Json => parsed.GetValue<bool>(GlobalOptions.Json);

    /// <summary>Gets the app's folder, the app and the rack.</summary>
    public AppSettings Settings
    {
        get
        {
            var settings = AppSettings.Resolve(
                host.Folder, Setting(GlobalOptions.App), Setting(GlobalOptions.Rack), host.Variable, host.Racks);
            _app = settings.App;
            return settings;
        }
    }

    /// <summary>Gets the app that the command is for.</summary>
    public AppName App => Settings.App;

    /// <summary>Gets the app if it was stated, or null if only the folder's name implies it.</summary>
    public AppName? StatedApp => Settings is { IsAppStated: true, App: var app } ? app : null;

    /// <summary>
    /// Returns the app that a command is to change. Fails if only the current folder's name implies the app, and the app is deployed from
    /// another source.
    /// </summary>
    public async Task<App> RequireOwnApp(Rack rack, CancellationToken cancel)
    {
        var settings = Settings;
        var app = await rack.Store.RequireApp(settings.App, cancel);
        if (!settings.IsAppStated && app.Sources.Count > 0) app.RequireFrom(await GitRemote.SourceOf(settings.Folder, Variable, cancel));
        return app;
    }

    /// <summary>Gets the function that runs the SDK.</summary>
    public RunDotnet Dotnet => host.Dotnet;

    /// <summary>Gets the available kinds of racks.</summary>
    public RackKinds Racks => host.Racks;

    /// <summary>Gets the address of the rack that the command is for.</summary>
    public RackAddress RackAddress => AppSettings.ResolveRack(host.Folder, Setting(GlobalOptions.Rack), host.Variable, host.Racks);

    /// <summary>Returns the name of the caller.</summary>
    public Task<string> By(Rack rack, CancellationToken cancel) =>
        Actor.On(rack, host.Variable, Environment.UserName, Environment.MachineName, cancel);

    /// <summary>Determines whether an option is on the command line.</summary>
    public bool Given(Option option) => parsed.GetResult(option) is { Implicit: false };

    public T? Value<T>(Option<T> option) => parsed.GetValue(option);

    /// <summary>Returns the value of the argument with this name.</summary>
    public string Text(string argument) => parsed.GetRequiredValue<string>(argument);

    public T? Value<T>(Argument<T> argument) => parsed.GetValue(argument);

    /// <summary>
    /// Opens the rack for changes. If its daemon has crashed, this restarts it and its services, unless its home was copied here.
    /// </summary>
    public async Task<Rack> OpenRack(CancellationToken cancel)
    {
        Sweep();
        IsChange = true;
        var rack = await OpenToRead(cancel);
        if (rack.Daemon is { } daemon && await daemon.ReviveAfterCrash(cancel) is { } kept) Terminal.Say($"note: {Remedies.Line(kept)}");
        return rack;
    }

    /// <summary>Opens the rack for reading, which doesn't restart a crashed daemon.</summary>
    public async Task<Rack> OpenToLook(CancellationToken cancel)
    {
        Sweep();
        var rack = await OpenToRead(cancel);
        if (!Json && rack.Absence is { } absence) Terminal.Say($"note: {absence}");
        return rack;
    }

    /// <summary>Opens the rack without starting, printing or cleaning up anything.</summary>
    public async Task<Rack> OpenToRead(CancellationToken cancel)
    {
        if (_rack is { } open) return open;
        var address = RackAddress;
        _rack = await (IsChange
            ? address.Kind.Open(address, Time, Note, cancel)
            : address.Kind.OpenToRead(address, Time, Note, cancel));
        _rack.Daemon?.Waiting = Note;
        if (Traces.HasCollector) _rack.SendTrace = ended => Send(_rack, ended, CancellationToken.None);
        return _rack;

        void Note(string trouble) => Terminal.Say($"note: {trouble}");
    }

    public ValueTask DisposeAsync() => _rack?.DisposeAsync() ?? ValueTask.CompletedTask;

    private void Sweep() => HeldFolder.Sweep(HeldFolder.Memory(host.Variable), HeldFolder.Edit, host.Time);

    private Setting? Setting(string option) => GlobalOptions.Text(parsed, option) is { } value ? new(value, option) : null;
}
