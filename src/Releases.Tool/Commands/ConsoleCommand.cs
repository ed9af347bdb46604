using System.CommandLine;
using System.Net;

namespace Releases.Tool;

/// <summary><c>console</c>: serves a web console for the apps of a rack.</summary>
internal static class ConsoleCommand
{
    private const string TokenVariable = "CONVOX_CONSOLE_TOKEN";

    public static Command Create(ToolHost host)
    {
        var port = CommonOptions.Number(
            "--port", $"Port (default: {ConsoleSettings.DefaultPort}, or a free one if that is taken)", atLeast: 1);
        port.HelpName = "port";
        var noOpen = new Option<bool>("--no-open") { Description = "Print the address only; do not open the browser" };
        var listen = new Option<string?>("--listen")
        { HelpName = "address", Description = "Address instead of loopback; needs a token" };
        var tokenFile = new Option<string?>("--token-file")
        { HelpName = "file", Description = $"File with the sign-in token (else {TokenVariable})" };
        var name = new Option<string[]>("--host") { HelpName = "name", Description = "Further name to answer to; repeatable" };
        var certificate = new Option<string?>("--certificate")
        {
            HelpName = "file",
            Description = "Certificate for TLS, with those that issued it (PEM)",
        };
        var key = new Option<string?>("--key") { HelpName = "file", Description = "Key of the certificate (PEM)" };
        Option[] options = [port, noOpen, listen, tokenFile, name, certificate, key];
        var command = new Command("console", "Serve a web console for the rack until Ctrl-C");
        foreach (var option in options) command.Add(option);
        return command
            .Example("dotnet convox console", "open the console in the browser")
            .Example("dotnet convox console --no-open --port 8470", "print its address, for an SSH tunnel")
            .Example(
                "dotnet convox console --listen 0.0.0.0 --host rack.internal --certificate rack.pem --key rack.key",
                "let others reach it, with TLS")
            .SetHandler(host, async (call, cancel) =>
            {
                var token = Token(call, call.Value(tokenFile));
                var settings = Settings(call.Value(port), call.Value(listen), token, Hosts(call.Value(name) ?? []));
                using var tls = Certificate(call.Folder, call.Value(certificate), call.Value(key));
                await Serve(call, settings with { Certificate = tls }, open: !call.Value(noOpen), cancel);
            });
    }

    private static async Task Serve(Invocation call, ConsoleSettings settings, bool open, CancellationToken cancel)
    {
        var rack = await call.OpenToLook(cancel);
        var follower = new PromotionFollower(rack, call.Time, call.Report) { Ended = ended => call.SendTrace(rack, ended, cancel) };
        var console = new ConsoleContext(rack, call.Time, await call.By(rack, cancel), follower, call.Report, settings.IsShared)
        {
            Traces = call.Traces,
        };
        await using (var server = await ConsoleServer.Start(console, settings, call.Terminal.Say, cancel))
        {
            if (call.Json) OutputJson.Write(call.Terminal.Out, new(server.SignInUrl, Environment.ProcessId, ToolVersion.Text),
                OutputJson.OneLine.ConsoleView);
            else call.Terminal.Out.WriteLine(server.SignInUrl);
            call.Terminal.RequireOutput();
            var hasLinks = call.Terminal.InIsTerminal && settings.Token is null;
            call.Terminal.Say(
                $"Console running for rack {rack.Address}. "
                    + $"{(hasLinks ? "Press Enter for a new sign-in link, Ctrl-C to stop." : "Press Ctrl-C to stop.")}");
            if (hasLinks) _ = PrintLinks(call, server, cancel);
            if (server.OtherUrls(settings) is { Count: > 0 } others) call.Terminal.Say($"Also at: {string.Join(" ", others)}");
            if (settings.Certificate is { } own && own.ExpiresAt <= call.Time.GetUtcNow())
                call.Terminal.Say($"warning: the certificate expired on {own.ExpiresAt:yyyy-MM-dd}; browsers refuse it.");
            if (!IPAddress.IsLoopback(settings.Address) && settings.Certificate is null)
                call.Terminal.Say(Unencrypted(new Uri(server.SignInUrl).Port));
            using var opened = open ? Open(call, server.SignInUrl) : null;
            await cancel.WhenCanceled();
        }

        var follow = new FollowPromotion(call.Operations(rack));
        foreach (var (app, promotion) in follower.Open)
            call.Say(
                $"The promotion of {app} {await follow.Detach(app, promotion) ?? "has ended"}.",
                Remedy.Do(Operation.WatchPromotion, "Follow it", GlobalOptions.App, app.ToString()));
        cancel.ThrowIfCancellationRequested();
    }

    private static string Unencrypted(int port) =>
        "warning: the connection is not encrypted; whoever can read the network can read the token. "
        + $"Safer, without --listen: ssh -L {port}:127.0.0.1:{port} <this machine>";

    /// <summary>
    /// Prints a new sign-in link each time Enter is pressed. It isn't awaited, because reading from a terminal can't be interrupted.
    /// </summary>
    private static async Task PrintLinks(Invocation call, ConsoleServer server, CancellationToken cancel)
    {
        while (await Task.Run(call.Terminal.In.ReadLine, CancellationToken.None) is not null && !cancel.IsCancellationRequested)
            call.Terminal.Say($"Sign in, once: {server.NewSignInUrl()}");
    }

    /// <summary>Opens the browser and returns the sign-in file, which must exist until the browser has read it.</summary>
    private static SignInFile? Open(Invocation call, string address)
    {
        SignInFile? file = null;
        string? kept;
        try
        {
            file = SignInFile.Make(address, call.Variable, call.Time);
            kept = call.Browse(file.Path);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            kept = FailureReason.Of(refused);
        }

        if (kept is not null) call.Terminal.Say($"note: couldn't open a browser ({kept}); open the address yourself");
        return file;
    }

    private static ConsoleSettings Settings(int? port, string? listen, string? token, IReadOnlyList<string> hosts)
    {
        if (port is < 1 or > 65535) throw Usage($"--port must be from 1 to 65535, not {port}.", null);
        var address = IPAddress.Loopback;
        if (listen is not null && !IPAddress.TryParse(listen, out address))
            throw Usage($"--listen takes an IP address of this machine, not '{listen}'.", "For example: --listen 10.0.0.5");
        var settings = new ConsoleSettings(address!, port, token) { Hosts = hosts };
        return token is not null || !settings.IsShared ? settings : throw Usage(
            "a console that others can reach needs a sign-in token.", $"Set {TokenVariable}, or pass --token-file <file>.");
    }

    private static string[] Hosts(string[] names) =>
        names.FirstOrDefault(n => Uri.CheckHostName(n) != UriHostNameType.Dns) is { } wrong
            ? throw Usage($"--host takes a name without a port, not '{SafeText.Line(wrong)}'.", "For example: --host rack.internal")
            : names;

    private static ServerCertificate? Certificate(string folder, string? certificate, string? key)
    {
        if (certificate is null && key is null) return null;
        if (certificate is null || key is null)
            throw Usage("TLS needs both a certificate and its key.", "Pass --certificate <file> --key <file>.");
        return ServerCertificate.Read(Path.Combine(folder, certificate), Path.Combine(folder, key));
    }

    private static string? Token(Invocation call, string? file)
    {
        var token = (file is null ? call.Variable(TokenVariable) : Read(call.Folder, file))?.Trim();
        if (token is null or "") return file is null ? null : throw Usage($"'{file}' is empty; it has to contain the token.", null);
        return token.Length >= ConsoleSettings.MinTokenLength ? token : throw Usage(
            $"the token has {Quantity.Text(token.Length, "character")}; it needs at least {ConsoleSettings.MinTokenLength}.",
            "Make one: openssl rand -hex 32");
    }

    private static string Read(string folder, string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, file));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw Usage(
                $"'{file}' can't be read: {FailureReason.OfFile(unreadable, Path.Combine(folder, file))}.",
                "Pass the file with the token.");
        }
    }

    private static ProblemException Usage(string message, string? remedy) =>
        new Problem(ProblemCode.Usage, message, remedy, ProblemKind.Usage).ToException();
}
