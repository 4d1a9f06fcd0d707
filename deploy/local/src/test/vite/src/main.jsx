import { lazy, StrictMode, Suspense } from 'react';
import { createRoot } from 'react-dom/client';
import './main.css';
import logo from './logo.svg?url';

const Page = lazy(() => import('./Page.jsx'));

createRoot(document.getElementById('root')).render(
  <StrictMode>
    <img src={logo} alt="" width="32" />
    <Suspense fallback="…">
      <Page />
    </Suspense>
  </StrictMode>,
);
