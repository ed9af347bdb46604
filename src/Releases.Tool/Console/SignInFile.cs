using System.Text.Encodings.Web;

namespace Releases.Tool;

/// <summary>
/// Represents a page that only its user can read and that redirects to the sign-in address. The browser is started with this file rather
/// than the address, because every user of a machine can see the arguments of processes.
/// </summary>
internal sealed class SignInFile : IDisposable
{
    private readonly HeldFolder _folder;

    private SignInFile(HeldFolder folder) => _folder = folder;

    public string Path => System.IO.Path.Combine(_folder.Path, "console.html");

    /// <summary>Creates the file, in memory where the system has such a file system.</summary>
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
