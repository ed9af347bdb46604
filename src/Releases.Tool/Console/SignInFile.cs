using System.Text.Encodings.Web;

namespace Releases.Tool;

/// <summary>
/// A page that only its user can read and that leads to an address: what the browser is started with, as everybody on a machine
/// sees the arguments of processes, and an address that signs in would be theirs too.
/// </summary>
internal sealed class SignInFile : IDisposable
{
    private readonly HeldFolder _folder;

    private SignInFile(HeldFolder folder) => _folder = folder;

    public string Path => System.IO.Path.Combine(_folder.Path, "console.html");

    /// <summary>In memory where the system has such a place.</summary>
    public static SignInFile Make(string address, Func<string, string?> variable, TimeProvider time)
    {
        HeldFolder.Sweep(HeldFolder.Memory(variable), HeldFolder.SignIn, time);
        var file = new SignInFile(HeldFolder.Make(HeldFolder.Memory(variable), HeldFolder.SignIn));
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var page = new StreamWriter(file.Path, options);
        var goal = HtmlEncoder.Default.Encode(address);
        page.Write($"""
            <!DOCTYPE html>
            <html lang="en">
            <head><meta charset="utf-8"><meta http-equiv="refresh" content="0;url={goal}"><title>The console</title></head>
            <body><p><a href="{goal}">Sign in to the console</a></p></body>
            </html>
            """);
        return file;
    }

    public void Dispose() => _folder.Dispose();
}
